import type { Child } from "hono/jsx"
import { ButtonLink } from "../button.tsx"

/** Key-set paging: there are no page numbers, only before and after. */
export function Pager(props: {
  label: string
  summary: Child
  previous: string | null
  next: string | null
  /** The id of the region that htmx puts in place instead of loading the page. */
  region?: string
}) {
  return (
    <nav class="pager" aria-label={props.label}>
      <span class="grow">{props.summary}</span>
      <ButtonLink
        size="small"
        href={props.previous}
        region={props.region}
        icon="chevron-left"
        rel="prev"
      >
        Previous
      </ButtonLink>
      <ButtonLink
        size="small"
        href={props.next}
        region={props.region}
        icon="chevron-right"
        rel="next"
      >
        Next
      </ButtonLink>
    </nav>
  )
}
