import type { Remapping } from "#maintenance/remap/remap-store.ts"
import type { Upload } from "#symbolication/artifacts/upload-store.ts"
import { urls } from "#urls.ts"
import { Badge } from "../../components/badge.tsx"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Pager } from "../../components/data/pager.tsx"
import { Table } from "../../components/data/table.tsx"
import { EmptyState } from "../../components/feedback/empty-state.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import type { FieldErrors } from "../../components/forms/form.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import type { Shell } from "../../shell.ts"
import { bytesOf } from "../../units.ts"
import { ProjectLayout } from "../project-layout.tsx"
import { ApplyCard } from "./apply-card.tsx"
import { HowToUpload } from "./how-to.tsx"
import { ScrapingCard, type ScrapingState } from "./scraping-card.tsx"
import { uploadName, usesText } from "./upload-words.ts"

const MAX_CHARACTERS = 200

export type SourceMapsPageProps = {
  shell: Shell
  organization: { slug: string }
  project: { slug: string; name: string }
  uploads: readonly Upload[]
  /** What is looked for; '' = everything. */
  text: string
  previous: string | null
  next: string | null
  /** Of this installation. */
  address: string
  /** The last time that uploads were applied to stored events. */
  run: Remapping | null
  canApply: boolean
  scraping: ScrapingState
  errors: FieldErrors
}

export function SourceMapsPage(props: SourceMapsPageProps) {
  const { shell, organization, project, uploads, text } = props
  const isEmpty = uploads.length === 0 && text === "" && props.previous === null
  return (
    <ProjectLayout shell={shell} organization={organization} project={project} page="source-maps">
      {isEmpty ? (
        <EmptyState title="No source maps yet">
          With them, stack traces of minified JavaScript show the files, lines and functions that
          you wrote, and group by them.
        </EmptyState>
      ) : (
        <>
          <Uploads {...props} />
          <ApplyCard shell={shell} run={props.run} canApply={props.canApply} />
        </>
      )}
      <HowToUpload address={props.address} org={organization.slug} project={project.slug} />
      <ScrapingCard
        shell={shell}
        scraping={props.scraping}
        canWrite={props.canApply}
        errors={props.errors}
      />
    </ProjectLayout>
  )
}

function Uploads({
  shell,
  organization,
  project,
  uploads,
  text,
  previous,
  next,
}: SourceMapsPageProps) {
  const { now, zone } = shell
  return (
    <Card title="Uploads" flush>
      <Search text={text} />
      {uploads.length === 0 ? (
        <p class="card-body">
          Nothing that was uploaded has this in its release, its addresses or its debug ids.
        </p>
      ) : (
        <Table
          caption="Uploads"
          rows={uploads}
          columns={[
            {
              head: "Upload",
              rowHead: true,
              cell: (upload) => (
                <>
                  <a href={urls.projectUpload(organization.slug, project.slug, upload.id)}>
                    <ForeignText text={uploadName(upload)} max={MAX_CHARACTERS} />
                  </a>{" "}
                  {upload.status === "failed" && <Badge tone="error">failed</Badge>}
                </>
              ),
            },
            {
              head: "Release",
              cell: (upload) => <ForeignText text={usesText(upload)} max={MAX_CHARACTERS} />,
            },
            { head: "Size", number: true, cell: ({ size }) => bytesOf(size) },
            {
              head: "Uploaded",
              cell: ({ createdAt }) => <TimeAgo at={createdAt} now={now} zone={zone} />,
            },
            { head: "Last needed", cell: ({ usedOn }) => usedOn },
          ]}
        />
      )}
      {(previous ?? next) !== null && (
        <div class="card-body">
          <Pager label="Uploads" summary="" previous={previous} next={next} />
        </div>
      )}
    </Card>
  )
}

function Search({ text }: { text: string }) {
  return (
    <form class="card-body row" method="get">
      <input
        class="input grow"
        type="search"
        name="query"
        value={text}
        aria-label="Release, address or debug id"
        placeholder="Release, address or debug id"
      />
      <Button icon="search">Search</Button>
    </form>
  )
}
