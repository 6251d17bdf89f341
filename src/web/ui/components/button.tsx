import type { Child } from "hono/jsx"
import { swapRegion } from "../swap.ts"
import { Icon } from "./icon.tsx"
import type { IconName } from "./icon-names.ts"

type Look = {
  variant?: "default" | "primary" | "quiet" | "danger"
  size?: "normal" | "small"
  icon?: IconName
  /** The accessible name when the button shows an icon alone. */
  label?: string
  /** Key that presses it (see assets/behaviours/shortcuts.js). */
  shortcut?: string
  children?: Child
}

type ButtonProps = Look & {
  type?: "submit" | "button"
  name?: string
  value?: string
  disabled?: boolean
  /** The id of the form it submits when it stands outside. */
  form?: string
  formaction?: string
  /** Selector of the element whose text is copied; hidden without script. */
  copies?: string
  /** The id of the dialog it opens; hidden without script. */
  opens?: string
}

export function Button({ type = "submit", copies, opens, disabled, ...props }: ButtonProps) {
  const scripted = (copies ?? opens) !== undefined
  return (
    <button
      class={scripted ? "button needs-script" : "button"}
      type={scripted ? "button" : type}
      {...lookOf(props)}
      {...(props.name !== undefined && { name: props.name })}
      {...(props.value !== undefined && { value: props.value })}
      {...(props.form !== undefined && { form: props.form })}
      {...(props.formaction !== undefined && { formaction: props.formaction })}
      {...(copies !== undefined && { "data-copy": copies })}
      {...(opens !== undefined && { "data-opens": opens })}
      {...(disabled && { disabled: true })}
    >
      <Content {...props} />
    </button>
  )
}

/** Without `href` it is a button that cannot be pressed now, and says so. */
export function ButtonLink({
  href,
  region,
  ...props
}: Look & { href: string | null; rel?: string; region?: string | undefined }) {
  return (
    <a
      class="button"
      {...lookOf(props)}
      {...(props.rel && { rel: props.rel })}
      {...(href === null
        ? { role: "link", "aria-disabled": "true" }
        : { href, ...swapRegion(region) })}
    >
      <Content {...props} />
    </a>
  )
}

export function ButtonGroup({ label, children }: { label?: string; children: Child }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as one inline control
    <span class="button-group" role="group" {...(label && { "aria-label": label })}>
      {children}
    </span>
  )
}

function Content({ icon, children }: Look) {
  return (
    <>
      {icon && <Icon name={icon} />}
      {children}
    </>
  )
}

function lookOf({ variant, size, label, shortcut }: Look) {
  return {
    ...(variant && variant !== "default" && { "data-variant": variant }),
    ...(size === "small" && { "data-size": size }),
    ...(label && { "aria-label": label, title: label }),
    ...(shortcut && { "data-key": shortcut }),
  }
}
