import type { Child } from "hono/jsx"

type MenuProps = {
  /** What the closed menu shows. */
  summary: Child
  /** The accessible name when the summary is an icon alone. */
  label?: string
  align?: "start" | "end"
  variant?: "default" | "primary" | "quiet"
  size?: "normal" | "small"
  shortcut?: string
  children: Child
}

/** `<details>`: opens without script; Escape and a click outside close it with script. */
export function Menu(props: MenuProps) {
  return (
    <details class="menu" data-align={props.align ?? "start"}>
      <summary
        class="button"
        {...(props.variant && props.variant !== "default" && { "data-variant": props.variant })}
        {...(props.size === "small" && { "data-size": props.size })}
        {...(props.label && { "aria-label": props.label })}
        {...(props.shortcut && { "data-key": props.shortcut })}
      >
        {props.summary}
      </summary>
      <div class="menu-panel">{props.children}</div>
    </details>
  )
}

export function MenuLink(props: { href: string; current?: boolean; children: Child }) {
  return (
    <a class="menu-item" href={props.href} {...(props.current && { "aria-current": "true" })}>
      {props.children}
    </a>
  )
}

/** A submit button of the form around the menu: `name=value` says what is wanted. */
export function MenuButton(props: {
  name: string
  value: string
  variant?: "default" | "danger"
  children: Child
}) {
  return (
    <button
      class="menu-item"
      type="submit"
      name={props.name}
      value={props.value}
      {...(props.variant === "danger" && { "data-variant": "danger" })}
    >
      {props.children}
    </button>
  )
}

export function MenuLabel({ children }: { children: Child }) {
  return <p class="menu-label">{children}</p>
}

export function MenuLine() {
  return <hr class="menu-line" />
}
