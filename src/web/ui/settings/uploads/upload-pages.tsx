import { Pager } from "../../components/data/pager.tsx"

type Props = { label: string; previous: string | null; next: string | null }

/** At the foot of a list of uploads that does not fit on one page. */
export function UploadPages({ label, previous, next }: Props) {
  if (!previous && !next) return null
  return (
    <div class="card-body">
      <Pager label={label} summary="" previous={previous} next={next} />
    </div>
  )
}
