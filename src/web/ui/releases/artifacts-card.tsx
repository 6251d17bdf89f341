import type { ReleaseUploads } from "#symbolication/artifacts/upload-store.ts"
import { urls } from "#urls.ts"
import { Card } from "../components/card.tsx"
import { Table } from "../components/data/table.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { bytesOf } from "../units.ts"
import type { MissingMaps } from "./sample-maps.ts"

type Props = {
  org: string
  version: string
  uploads: readonly ReleaseUploads[]
  maps: MissingMaps
}

const SHOWN_FILES = 5
const number = (value: number) => value.toLocaleString("en")

/** What was uploaded for reading the release's stack traces, and what its events missed. */
export function ArtifactsCard(props: Props) {
  const { org, version, uploads, maps } = props
  if (uploads.length === 0 && maps.events === 0) return null
  const href = (project: string) =>
    `${urls.projectSourceMaps(org, project)}?${new URLSearchParams({ query: version })}`
  return (
    <Card title="Source maps and files" id="artifacts" flush>
      {maps.events > 0 && <Missing {...props} />}
      {uploads.length > 0 && (
        <Table
          caption="Uploads for this release"
          rows={uploads}
          columns={[
            {
              head: "Project",
              rowHead: true,
              cell: (row) => <a href={href(row.projectSlug)}>{row.projectSlug}</a>,
            },
            { head: "Uploads", number: true, cell: (row) => number(row.uploads) },
            { head: "Files", number: true, cell: (row) => number(row.files) },
            { head: "Debug ids", number: true, cell: (row) => number(row.debugIds) },
            { head: "Size", number: true, cell: (row) => bytesOf(row.bytes) },
          ]}
        />
      )}
    </Card>
  )
}

function Missing({ org, maps }: Props) {
  const { looked, events, files, example } = maps
  const more = files.length - SHOWN_FILES
  const subject = `${number(events)} event${events === 1 ? "" : "s"} of the newest ${number(looked)}`
  return (
    <p class="card-body">
      {`${subject} that were looked at needed a map that is missing: `}
      <b class="anywhere">
        <ForeignText text={files.slice(0, SHOWN_FILES).join(", ")} max={300} />
      </b>
      {more > 0 && ` and ${more} more`}
      {". "}
      {example && (
        <a href={urls.eventSourceMaps(org, example.issueId, example.eventId)}>
          Why one of them was not mapped
        </a>
      )}
    </p>
  )
}
