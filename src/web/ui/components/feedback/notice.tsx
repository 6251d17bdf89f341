import type { Child } from "hono/jsx"
import type { Tone } from "../badge.tsx"
import { Button } from "../button.tsx"
import { Csrf } from "../forms/form.tsx"
import { Icon } from "../icon.tsx"
import type { IconName } from "../icon-names.ts"

const ICONS: Record<Tone, IconName> = {
  fatal: "octagon-alert",
  error: "circle-alert",
  warning: "triangle-alert",
  info: "info",
  debug: "info",
  success: "circle-check",
}

/** A line that stays: ingest paused, http base URL, something is missing. */
export function Banner({ tone = "info", children }: { tone?: Tone; children: Child }) {
  return (
    <div class="banner" data-tone={tone} role={tone === "error" ? "alert" : "note"}>
      <Icon name={ICONS[tone]} />
      <div class="grow">{children}</div>
    </div>
  )
}

/** What the last request did; shown once, on the page after the redirect. */
export type FlashMessage = {
  tone: "success" | "info" | "warning" | "error"
  text: string
  /** A form with one button: Undo. */
  action?: { label: string; url: string; fields: Record<string, string> }
}

export function Flash({ message, csrf }: { message: FlashMessage; csrf: string }) {
  return (
    <div class="banner" data-tone={message.tone} role="status" data-flash>
      <Icon name={ICONS[message.tone]} />
      <span class="grow">{message.text}</span>
      {message.action && (
        <form method="post" action={message.action.url}>
          <Csrf token={csrf} />
          {Object.entries(message.action.fields).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <Button size="small" shortcut="z">
            {message.action.label}
          </Button>
        </form>
      )}
    </div>
  )
}

/** Where app.js says what it did ("Copied"); part of every page. */
export function Toasts() {
  return <div class="toasts" role="status" aria-live="polite" data-toasts></div>
}
