import type { Upload, UploadedFile } from "#symbolication/artifacts/upload-store.ts"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { KeyValueTable } from "../../components/data/key-value.tsx"
import { Table } from "../../components/data/table.tsx"
import { Banner } from "../../components/feedback/notice.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import { Form } from "../../components/forms/form.tsx"
import type { Shell } from "../../shell.ts"
import { absoluteTime } from "../../times.ts"
import { bytesOf } from "../../units.ts"
import { ProjectLayout } from "../project-layout.tsx"
import { usedOnText } from "../uploads/upload-columns.tsx"
import { uploadName, usesText } from "./upload-words.ts"

const MAX_CHARACTERS = 300

type UploadPageProps = {
  shell: Shell
  organization: { slug: string }
  project: { slug: string; name: string }
  upload: Upload
  /** The first of them. */
  files: readonly UploadedFile[]
  canDelete: boolean
}

/** One upload and what is in it. */
export function UploadPage({
  shell,
  organization,
  project,
  upload,
  files,
  canDelete,
}: UploadPageProps) {
  const rows = [
    ["Releases", usesText(upload)],
    ["Size", bytesOf(upload.size)],
    ["Uploaded", absoluteTime(upload.createdAt, shell.zone)],
    ["Last needed", usedOnText(upload.usedOn)],
  ] as const
  return (
    <ProjectLayout
      shell={shell}
      organization={organization}
      project={project}
      page="source-maps"
      title={uploadName(upload)}
    >
      {upload.status === "failed" && <Banner tone="error">{upload.detail}</Banner>}
      <Card title="Upload" flush>
        <KeyValueTable caption="Upload" rows={rows} />
      </Card>
      <Files files={files} total={upload.files} />
      {canDelete && (
        <Card title="Delete">
          <Form
            csrf={shell.csrf}
            name="delete"
            buttons={<Button variant="danger">Delete this upload</Button>}
          >
            <p>
              New events of this project are mapped without it. Those that are stored stay as they
              are.
            </p>
          </Form>
        </Card>
      )}
    </ProjectLayout>
  )
}

function Files({ files, total }: { files: readonly UploadedFile[]; total: number }) {
  if (files.length === 0) return null
  return (
    <Card
      title={total > files.length ? `The first ${files.length} of ${total} files` : "Files"}
      flush
    >
      <Table
        caption="Files"
        rows={files}
        columns={[
          {
            head: "Address",
            rowHead: true,
            cell: ({ url, path }) => <ForeignText text={url ?? path} max={MAX_CHARACTERS} />,
          },
          { head: "Kind", cell: ({ type }) => type.replaceAll("_", " ") },
          { head: "Map", cell: mapText },
          { head: "Debug id", cell: ({ debugId }) => debugId && <code>{debugId}</code> },
          { head: "Size", number: true, cell: ({ bytes }) => bytesOf(bytes) },
        ]}
      />
    </Card>
  )
}

function mapText({ type, mapUrls, isMapEmbedded }: UploadedFile) {
  if (type !== "minified_source") return null
  if (isMapEmbedded) return "in the file"
  return mapUrls?.[0] ? <ForeignText text={mapUrls[0]} max={MAX_CHARACTERS} /> : "none named"
}
