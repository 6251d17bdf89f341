import type { Child } from "hono/jsx"

type SectionProps = {
  /** What a link to it ends with. */
  id: string
  title: string
  count?: number
  /** Key that jumps to it. */
  shortcut?: string
  /** Stands above the content: buttons, links. */
  actions?: Child
  tone?: "warning"
  /** Folded unless the reader opened it before. */
  folded?: boolean
  children: Child
}

/** A part of an event's page: it can be linked to and folded; app.js remembers which ones somebody folds. */
export function Section(props: SectionProps) {
  const { id, title, count, shortcut, tone, folded = false } = props
  return (
    <section class="card section" id={id} {...(tone && { "data-tone": tone })}>
      <details data-remember={id} {...(!folded && { open: true })}>
        <summary class="card-head">
          <h2>
            {title}
            {count !== undefined && <span class="count">{count.toLocaleString("en")}</span>}
          </h2>
        </summary>
        {props.actions && <div class="section-actions row">{props.actions}</div>}
        {props.children}
      </details>
      <SectionLink id={id} title={title} shortcut={shortcut} />
    </section>
  )
}

/** Beside the summary, not in it: what presses must not stand within what presses. */
export function SectionLink(props: { id: string; title: string; shortcut?: string | undefined }) {
  return (
    <a
      class="section-link"
      href={`#${props.id}`}
      aria-label={`Link to ${props.title}`}
      {...(props.shortcut && { "data-key": props.shortcut })}
    >
      #
    </a>
  )
}

/** A part of a section, under a name of its own. */
export function Fold(props: { title: Child; isOpen: boolean; children: Child }) {
  return (
    <details class="fold" {...(props.isOpen && { open: true })}>
      <summary>{props.title}</summary>
      {props.children}
    </details>
  )
}
