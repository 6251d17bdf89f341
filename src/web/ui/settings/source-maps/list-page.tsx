import type { Remapping } from "#maintenance/remap/remap-store.ts"
import type { Upload } from "#symbolication/artifacts/upload-store.ts"
import { urls } from "#urls.ts"
import { Badge } from "../../components/badge.tsx"
import { Card } from "../../components/card.tsx"
import { Table } from "../../components/data/table.tsx"
import { EmptyState } from "../../components/feedback/empty-state.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import type { FieldErrors } from "../../components/forms/form.tsx"
import type { Shell } from "../../shell.ts"
import { ProjectLayout } from "../project-layout.tsx"
import { ApplyCard } from "../uploads/apply-card.tsx"
import { uploadColumns } from "../uploads/upload-columns.tsx"
import { UploadPages } from "../uploads/upload-pages.tsx"
import { UploadSearch } from "../uploads/upload-search.tsx"
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
  return (
    <Card
      title="Uploads"
      actions={<UploadSearch text={text} label="Release, address or debug id" />}
      flush
    >
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
            ...uploadColumns<Upload>(shell, ({ size }) => size),
          ]}
        />
      )}
      <UploadPages label="Uploads" previous={previous} next={next} />
    </Card>
  )
}
