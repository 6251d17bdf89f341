import type { Child } from "hono/jsx"

/** What this page will show, why it is empty, and one thing to do. */
export function EmptyState(props: { title: string; children?: Child; action?: Child }) {
  return (
    <div class="empty">
      <h2>{props.title}</h2>
      {props.children && <div>{props.children}</div>}
      {props.action}
    </div>
  )
}
