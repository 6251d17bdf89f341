import type { Child } from "hono/jsx"

/** Opened by a `Button opens={id}`; what it offers must also be reachable without script. */
export function Dialog({ id, title, children }: { id: string; title: string; children: Child }) {
  return (
    <dialog class="dialog" id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </dialog>
  )
}
