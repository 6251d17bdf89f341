import type { Remapping } from "#maintenance/remap/remap-store.ts"
import type { DebugFile } from "#symbolication/debug-files/store.ts"
import { objectName } from "#symbolication/debug-files/words.ts"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Table } from "../../components/data/table.tsx"
import { EmptyState } from "../../components/feedback/empty-state.tsx"
import { Banner } from "../../components/feedback/notice.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import { Form } from "../../components/forms/form.tsx"
import type { Shell } from "../../shell.ts"
import { ProjectLayout } from "../project-layout.tsx"
import { ApplyCard } from "../uploads/apply-card.tsx"
import { uploadColumns } from "../uploads/upload-columns.tsx"
import { UploadPages } from "../uploads/upload-pages.tsx"
import { UploadSearch } from "../uploads/upload-search.tsx"
import { HowToUpload } from "./how-to.tsx"

const MAX_CHARACTERS = 200
const KINDS = {
  proguard: "ProGuard or R8 mapping",
  breakpad: "Breakpad symbols",
  elf: "ELF",
  macho: "Mach-O",
  sourcebundle: "Sources",
}
/** What a feature of a file is good for here. */
const FEATURES = new Map([
  ["symtab", "names"],
  ["mapping", "names, lines"],
  ["sources", "source code"],
])

export type DebugFilesPageProps = {
  shell: Shell
  organization: { slug: string }
  project: { slug: string; name: string }
  files: readonly DebugFile[]
  /** Uploads that were refused of late. */
  failed: number
  /** What is looked for; '' = everything. */
  text: string
  previous: string | null
  next: string | null
  canDelete: boolean
  /** Of this installation. */
  address: string
  run: Remapping | null
  canApply: boolean
}

export function DebugFilesPage(props: DebugFilesPageProps) {
  const { shell, organization, project, files, text, failed } = props
  const isEmpty = files.length === 0 && text === "" && props.previous === null
  return (
    <ProjectLayout shell={shell} organization={organization} project={project} page="debug-files">
      {failed > 0 && (
        <Banner tone="warning">
          {`${failed === 1 ? "One upload was" : `${failed} uploads were`} refused; the client was told why.`}
        </Banner>
      )}
      {isEmpty ? (
        <EmptyState title="No debug files yet">
          With them, stack traces of Android, Java and native programs show the names, files and
          lines that you wrote.
        </EmptyState>
      ) : (
        <>
          <Files {...props} />
          <ApplyCard shell={shell} run={props.run} canApply={props.canApply} />
        </>
      )}
      <HowToUpload address={props.address} org={organization.slug} project={project.slug} />
    </ProjectLayout>
  )
}

function Files({ shell, files, text, previous, next, canDelete }: DebugFilesPageProps) {
  return (
    <Card title="Files" actions={<UploadSearch text={text} label="Name or id" />} flush>
      {files.length === 0 ? (
        <p class="card-body">No debug file has this in its name, or an id that begins with it.</p>
      ) : (
        <Table
          caption="Debug files"
          rows={files}
          columns={[
            {
              head: "Debug id",
              rowHead: true,
              cell: (file) => (
                <>
                  <code>{file.debugId}</code>
                  <br />
                  <ForeignText text={objectName(file)} max={MAX_CHARACTERS} />
                </>
              ),
            },
            { head: "Kind", cell: (file) => <Kind file={file} /> },
            ...uploadColumns<DebugFile>(shell, ({ bytes }) => bytes),
            ...(canDelete
              ? [
                  {
                    head: "Delete",
                    quiet: true,
                    cell: (file: DebugFile) => <DeleteForm csrf={shell.csrf} file={file} />,
                  },
                ]
              : []),
          ]}
        />
      )}
      <UploadPages label="Debug files" previous={previous} next={next} />
    </Card>
  )
}

function Kind({ file }: { file: DebugFile }) {
  const { kind, cpu } = file
  return (
    <>
      {cpu === "any" ? KINDS[kind] : <ForeignText text={`${KINDS[kind]}, ${cpu}`} max={60} />}
      <br />
      <small class="muted">{featuresText(file)}</small>
    </>
  )
}

/** What it is good for. */
function featuresText({ kind, features }: DebugFile): string {
  if (kind === "breakpad") return "names, files, lines"
  return (
    features.flatMap((feature) => FEATURES.get(feature) ?? []).join(", ") || "nothing that is read"
  )
}

function DeleteForm({ csrf, file }: { csrf: string; file: DebugFile }) {
  return (
    <Form
      csrf={csrf}
      name="delete"
      buttons={
        <Button size="small" variant="danger">
          Delete
        </Button>
      }
    >
      <input type="hidden" name="id" value={file.id} />
    </Form>
  )
}
