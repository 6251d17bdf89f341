import type { Child } from "hono/jsx"
import { ButtonLink } from "../button.tsx"

/** Key-set paging: there are no page numbers, only before and after. */
export function Pager(props: {
  label: string
  summary: Child
  previous: string | null
  next: string | null
}) {
  return (
    <nav class="pager" aria-label={props.label}>
      <span class="grow">{props.summary}</span>
      <ButtonLink size="small" href={props.previous} icon="chevron-left" rel="prev">
        Previous
      </ButtonLink>
      <ButtonLink size="small" href={props.next} icon="chevron-right" rel="next">
        Next
      </ButtonLink>
    </nav>
  )
}
