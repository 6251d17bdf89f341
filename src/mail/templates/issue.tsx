import type { MailFrame } from "../frames.ts"
import { htmlOf, paragraphs, type RenderedMail } from "../rendered.ts"
import { Button, Code, Facts, Footer, Lead, MailPage, Muted, Quote, Title } from "./parts.tsx"

/** Everything a mail about an issue may tell; what is unknown or unwanted (minimal mail) is empty. */
export type IssueMail = {
  /** "New issue in acme/backend, production" */
  sentence: string
  preheader: string
  title: string
  culprit: string
  /** Newest in-app frame first. */
  frames: readonly MailFrame[]
  facts: readonly (readonly [label: string, value: string])[]
  /** A comment or note somebody wrote. */
  quote: string
  story: string
  graph: string
  /** Why this person gets it. */
  reason: string
  links: {
    open: string
    /** Each leads to a page that asks first. */
    acts: readonly (readonly [label: string, href: string])[]
    /** No more mails about this issue. */
    unsubscribe: string
    /** No more mails about its project. */
    mute: string
    settings: string
  }
}

export function issueMail(mail: IssueMail): RenderedMail {
  return { text: textOf(mail), html: htmlOf(<IssuePage mail={mail} />) }
}

function textOf(mail: IssueMail): string {
  const facts = mail.facts.map(([label, value]) => `${label}: ${value}`)
  return paragraphs(
    mail.sentence,
    [mail.title, mail.culprit].filter(Boolean).join("\n"),
    mail.story,
    mail.graph,
    mail.quote === "" ? "" : quoted(mail.quote),
    mail.frames.map(textOfFrame).join("\n"),
    facts.join("\n"),
    ([["Open", mail.links.open], ...mail.links.acts] as const)
      .map(([label, href]) => `${label}: ${href}`)
      .join("\n"),
    [
      mail.reason,
      `Stop for this issue: ${mail.links.unsubscribe}`,
      `Stop for this project: ${mail.links.mute}`,
      `Settings: ${mail.links.settings}`,
    ].join("\n"),
  )
}

/** A form's lines end in CRLF; each of the two alone would begin a line. */
function quoted(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `> ${line}`.trimEnd())
    .join("\n")
}

function textOfFrame(frame: MailFrame): string {
  const place = `  ${frame.file}${frame.line ? `, line ${frame.line}` : ""}, in ${frame.function}`
  return frame.code ? `${place}\n    ${frame.code}` : place
}

function IssuePage(props: { mail: IssueMail }) {
  const { mail } = props
  return (
    <MailPage title={mail.sentence} preheader={mail.preheader}>
      <Lead>{mail.sentence}</Lead>
      <Title>{mail.title}</Title>
      <Muted>{mail.culprit}</Muted>
      {mail.story && <p>{mail.story}</p>}
      {mail.graph && <Code>{mail.graph}</Code>}
      {mail.quote && <Quote>{mail.quote}</Quote>}
      {mail.frames.length > 0 && <Code>{mail.frames.map(textOfFrame).join("\n")}</Code>}
      <Facts facts={mail.facts} />
      <Button href={mail.links.open}>View issue</Button>
      {mail.links.acts.map(([label, href]) => (
        <Button href={href} quiet>
          {label}
        </Button>
      ))}
      <Footer
        reason={mail.reason}
        links={[
          ["Stop for this issue", mail.links.unsubscribe],
          ["Stop for this project", mail.links.mute],
          ["Settings", mail.links.settings],
        ]}
      />
    </MailPage>
  )
}
