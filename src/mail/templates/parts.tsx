import type { Child } from "hono/jsx"

/*
 * The few pieces that mails are made of. Styles are inline because mail programs drop style sheets; no image, no font, no
 * tracking, no wrapped link. Colours are the light theme's: mails are always light.
 */

const FONT = "-apple-system,'Segoe UI',Roboto,'Helvetica Neue',sans-serif"
const MONO = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace"
const INK = "#14181F"
const MUTED = "#475061"
const LINE = "#D4DAE2"
const ACCENT = "#0B5CC9"

export function MailPage(props: { title: string; preheader: string; children: Child }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="color-scheme" content="light dark" />
        <meta name="viewport" content="width=device-width" />
        <title>{props.title}</title>
      </head>
      <body style={`margin:0;padding:16px;background:#F6F7F9;color:${INK};font:14px/1.5 ${FONT}`}>
        <div style="display:none;max-height:0;overflow:hidden">{props.preheader}</div>
        <table
          role="presentation"
          align="center"
          width="600"
          cellpadding="0"
          cellspacing="0"
          style="max-width:600px;width:100%"
        >
          <tbody>
            <tr>
              <td
                style={`background:#FFFFFF;border:1px solid ${LINE};border-radius:10px;padding:24px`}
              >
                {props.children}
              </td>
            </tr>
          </tbody>
        </table>
      </body>
    </html>
  )
}

export function Lead(props: { children: Child }) {
  return <p style={`margin:0 0 12px;color:${MUTED}`}>{props.children}</p>
}

export function Title(props: { children: Child }) {
  return (
    <h1 style="margin:0 0 4px;font-size:18px;line-height:1.3;overflow-wrap:anywhere">
      {props.children}
    </h1>
  )
}

export function Muted(props: { children: Child }) {
  return (
    <p style={`margin:0 0 12px;color:${MUTED};font-size:13px;overflow-wrap:anywhere`}>
      {props.children}
    </p>
  )
}

export function Code(props: { children: Child }) {
  return (
    <pre
      style={`margin:12px 0;padding:12px;background:#EDF0F4;border-radius:6px;font:12px/1.5 ${MONO};white-space:pre-wrap;overflow-wrap:anywhere`}
    >
      {props.children}
    </pre>
  )
}

/** Facts as label and value, a line each. */
export function Facts(props: { facts: readonly (readonly [label: string, value: string])[] }) {
  return (
    <table
      role="presentation"
      cellpadding="0"
      cellspacing="0"
      style="margin:0 0 16px;font-size:13px"
    >
      <tbody>
        {props.facts.map(([label, value]) => (
          <tr>
            <td style={`padding:2px 16px 2px 0;color:${MUTED};vertical-align:top`}>{label}</td>
            <td style="padding:2px 0;overflow-wrap:anywhere">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function Button(props: { href: string; children: Child; quiet?: boolean }) {
  const colours = props.quiet
    ? `color:${ACCENT};border:1px solid ${LINE};background:#FFFFFF`
    : `color:#FFFFFF;border:1px solid ${ACCENT};background:${ACCENT}`
  return (
    <a
      href={props.href}
      style={`display:inline-block;margin:0 8px 8px 0;padding:8px 16px;border-radius:6px;text-decoration:none;font-weight:600;${colours}`}
    >
      {props.children}
    </a>
  )
}

export function Quote(props: { children: Child }) {
  return (
    <blockquote
      style={`margin:0 0 16px;padding:4px 0 4px 12px;border-left:3px solid ${LINE};white-space:pre-wrap;overflow-wrap:anywhere`}
    >
      {props.children}
    </blockquote>
  )
}

export function Footer(props: {
  reason: string
  links: readonly (readonly [text: string, href: string])[]
}) {
  return (
    <p
      style={`margin:16px 0 0;padding-top:12px;border-top:1px solid ${LINE};color:${MUTED};font-size:12px`}
    >
      {props.reason}
      {props.links.map(([text, href]) => (
        <>
          {" · "}
          <a href={href} style={`color:${MUTED}`}>
            {text}
          </a>
        </>
      ))}
    </p>
  )
}
