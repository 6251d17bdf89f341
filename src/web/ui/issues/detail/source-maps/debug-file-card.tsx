import type { DebugFileExplanation } from "#symbolication/explain-debug-files.ts"
import { Badge } from "../../../components/badge.tsx"
import { Card } from "../../../components/card.tsx"
import { KeyValueTable } from "../../../components/data/key-value.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import { CodeSample } from "../../../guides/code-sample.tsx"
import type { Shell } from "../../../shell.ts"
import { absoluteTime } from "../../../times.ts"
import { DEBUG_VERDICTS, debugFileText, uploadCommands } from "./debug-file-words.ts"

const MAX_CHARACTERS = 400

type Props = {
  file: DebugFileExplanation
  index: number
  shell: Shell
  place: { address: string; org: string; project: string }
}

/** What is known of an image, a mapping or a source bundle, and how to upload it. */
export function DebugFileCard({ file, index, shell, place }: Props) {
  const { word, tone } = DEBUG_VERDICTS[file.verdict]
  const rows: [string, unknown][] = [
    ["Frames", file.frames.toLocaleString("en")],
    ["Debug id", file.debugId ?? "none"],
    ...(file.format
      ? [["Format", [file.format, file.arch].filter(Boolean).join(", ")] as [string, unknown]]
      : []),
    ...file.uploaded.map(({ kind, name, createdAt }): [string, unknown] => [
      "Uploaded",
      `${kind}, ${name}, ${absoluteTime(createdAt, shell.zone)}`,
    ]),
  ]
  const commands = uploadCommands(file, place)
  return (
    <Card
      title={
        <>
          <span class="anywhere">
            <ForeignText text={file.name || "(nameless)"} max={MAX_CHARACTERS} />
          </span>{" "}
          <Badge tone={tone}>{word}</Badge>
        </>
      }
      flush
    >
      <p class="card-body">
        <ForeignText text={debugFileText(file)} max={2000} />
      </p>
      <KeyValueTable caption={`What is known of ${file.name.slice(0, 100)}`} rows={rows} />
      {commands.length > 0 && (
        <div class="card-body">
          <CodeSample id={`upload-${index}`} label="sentry-cli" code={commands.join("\n")} />
        </div>
      )}
    </Card>
  )
}
