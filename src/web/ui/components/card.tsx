import type { Child } from "hono/jsx"

type CardProps = {
  title?: Child
  /** Makes it a linkable section. */
  id?: string
  /** Stands at the right of the title: buttons, links. */
  actions?: Child
  /** A table or list brings its own padding. */
  flush?: boolean
  tone?: "error" | "warning"
  level?: 2 | 3
  children: Child
}

export function Card({ title, id, actions, flush = false, tone, level = 2, children }: CardProps) {
  const Heading = level === 2 ? "h2" : "h3"
  return (
    <section class="card" {...(id && { id })} {...(tone && { "data-tone": tone })}>
      {(title || actions) && (
        <header class="card-head">
          {title && <Heading>{title}</Heading>}
          {actions}
        </header>
      )}
      {flush ? children : <div class="card-body">{children}</div>}
    </section>
  )
}
