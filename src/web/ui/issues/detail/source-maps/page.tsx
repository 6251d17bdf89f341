import type { FileExplanation } from "#symbolication/explain.ts"
import type { DebugFileExplanation } from "#symbolication/explain-debug-files.ts"
import { urlCandidates } from "#symbolication/javascript/urls.ts"
import { urls } from "#urls.ts"
import { Badge } from "../../../components/badge.tsx"
import { ButtonLink } from "../../../components/button.tsx"
import { Card } from "../../../components/card.tsx"
import { KeyValueTable } from "../../../components/data/key-value.tsx"
import { EmptyState } from "../../../components/feedback/empty-state.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import type { Shell } from "../../../shell.ts"
import { absoluteTime } from "../../../times.ts"
import { IssueShell } from "../issue-shell.tsx"
import type { IssueFrame } from "../load.ts"
import { DebugFileCard } from "./debug-file-card.tsx"
import { explanationText, VERDICTS } from "./verdict-words.ts"

const MAX_CHARACTERS = 400

type Props = {
  shell: Shell
  org: string
  frame: IssueFrame
  eventId: string
  files: readonly FileExplanation[]
  debugFiles: readonly DebugFileExplanation[]
  /** Of this installation. */
  address: string
}

/** "Why is this frame not mapped?", for every file that the event's frames are from. */
export function SourceMapsOfEventPage(props: Props) {
  const { shell, org, frame, eventId, files, debugFiles, address } = props
  const { id, projectSlug } = frame.issue
  const isCompiled = files.length === 0 && debugFiles.length > 0
  const uploads = isCompiled
    ? urls.projectDebugFiles(org, projectSlug)
    : urls.projectSourceMaps(org, projectSlug)
  const isLate = [...files, ...debugFiles].some(({ verdict }) => verdict === "came-later")
  const title = isCompiled ? "Debug files of this event" : "Source maps of this event"
  return (
    <IssueShell shell={shell} org={org} frame={frame} tab="details" title={title}>
      <div class="stack">
        <h2>{title}</h2>
        <p class="row">
          <ButtonLink size="small" icon="chevron-left" href={urls.event(org, id, eventId)}>
            Back to the event
          </ButtonLink>
          <ButtonLink size="small" href={uploads}>
            Uploads of this project
          </ButtonLink>
          {isLate && (
            <ButtonLink size="small" href={`${uploads}#apply`}>
              Apply to stored events
            </ButtonLink>
          )}
        </p>
        {files.length + debugFiles.length === 0 && (
          <EmptyState title="No frame of this event can have a source map or a debug file">
            Source maps are for JavaScript that has an address and a line, debug files for JVM
            programs that name a mapping, and for native frames within an image that was loaded.
          </EmptyState>
        )}
        {files.map((file) => (
          <FileCard file={file} org={org} project={projectSlug} shell={shell} />
        ))}
        {debugFiles.map((file, index) => (
          <DebugFileCard
            file={file}
            index={index}
            shell={shell}
            place={{ address, org, project: projectSlug }}
          />
        ))}
      </div>
    </IssueShell>
  )
}

type FileProps = { file: FileExplanation; org: string; project: string; shell: Shell }

function FileCard({ file, org, project, shell }: FileProps) {
  const { key, verdict, frames, similar, bundleId, uploadedAt } = file
  const { word, tone } = VERDICTS[verdict]
  const isLost = bundleId === null
  const rows: [string, unknown][] = [
    ["Frames", frames.toLocaleString("en")],
    ["Debug id", key.debugId ?? "none: the file was built without"],
    ["Release", key.release || "none"],
    ...(key.dist ? [["Dist", key.dist] as [string, unknown]] : []),
    ...(isLost && key.release
      ? [["Looked for", urlCandidates(key.absPath).join(", ")] as [string, unknown]]
      : []),
    ...(uploadedAt
      ? [["Uploaded", absoluteTime(uploadedAt, shell.zone)] as [string, unknown]]
      : []),
  ]
  return (
    <Card
      title={
        <>
          <span class="anywhere">
            <ForeignText text={key.absPath} max={MAX_CHARACTERS} />
          </span>{" "}
          <Badge tone={tone}>{word}</Badge>
        </>
      }
      actions={
        bundleId && (
          <ButtonLink size="small" href={urls.projectUpload(org, project, bundleId)}>
            Upload
          </ButtonLink>
        )
      }
      flush
    >
      <p class="card-body">
        <ForeignText text={explanationText(file)} max={2000} />
      </p>
      <KeyValueTable caption={`What is known of ${key.absPath.slice(0, 100)}`} rows={rows} />
      {similar.length > 0 && (
        <div class="card-body">
          <p>Uploaded under the same name:</p>
          <ul>
            {similar.map(({ url, release, dist, debugId }) => (
              <li>
                <code>
                  <ForeignText text={url} max={MAX_CHARACTERS} />
                </code>{" "}
                <span class="muted">
                  <ForeignText
                    text={[
                      release ? `release ${release}` : "no release",
                      dist && `dist ${dist}`,
                      debugId && `debug id ${debugId}`,
                    ]
                      .filter(Boolean)
                      .join(", ")}
                    max={MAX_CHARACTERS}
                  />
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Card>
  )
}
