import type { DebugImage, NormalizedEvent } from "#normalize/event.ts"
import { Badge } from "../../../components/badge.tsx"
import { KeyValueTable } from "../../../components/data/key-value.tsx"
import { Table } from "../../../components/data/table.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import { Section } from "./section.tsx"

/** A process of Android loads hundreds; the JSON has them all. */
const MAX_IMAGES = 300
const MAX_CHARACTERS = 200

/** What the processor held where it crashed. */
export function RegistersSection({ event }: { event: NormalizedEvent }) {
  const traces = [
    ...(event.exception?.values ?? []).map(({ stacktrace }) => stacktrace),
    event.stacktrace,
  ]
  const registers = traces.findLast((trace) => trace?.registers)?.registers ?? {}
  const rows = Object.entries(registers)
  if (rows.length === 0) return null
  return (
    <Section id="registers" title="Registers" count={rows.length} folded>
      <KeyValueTable caption="Registers" rows={rows} />
    </Section>
  )
}

/** Programs, libraries and mappings that the event names, with the ids by which their debug files are found. */
export function ImagesSection({ event }: { event: NormalizedEvent }) {
  const images = event.debug_meta?.images ?? []
  if (images.length === 0) return null
  return (
    <Section id="images" title="Loaded images" count={images.length} folded>
      <Table
        caption="Loaded images"
        rows={images.slice(0, MAX_IMAGES)}
        columns={[
          { head: "Image", rowHead: true, cell: (image) => <Name image={image} /> },
          { head: "Debug id", cell: (image) => <Code text={image.debug_id ?? image.uuid} /> },
          { head: "Begins at", cell: ({ image_addr: address }) => <Code text={address} /> },
          { head: "Debug file", cell: (image) => <Status image={image} /> },
        ]}
      />
      {images.length > MAX_IMAGES && (
        <p class="frame-note">{`${images.length - MAX_IMAGES} more are in the JSON.`}</p>
      )}
    </Section>
  )
}

function Name({ image }: { image: DebugImage }) {
  const path = typeof image.code_file === "string" ? image.code_file : image.type
  return (
    <span title={path.slice(0, MAX_CHARACTERS)}>
      <ForeignText text={path.split(/[/\\]/).at(-1) || path} max={MAX_CHARACTERS} />
    </span>
  )
}

function Code({ text }: { text: unknown }) {
  if (typeof text !== "string" || text === "") return null
  return (
    <code>
      <ForeignText text={text} max={MAX_CHARACTERS} />
    </code>
  )
}

function Status({ image: { debug_status: status } }: { image: DebugImage }) {
  if (typeof status !== "string") return null
  return (
    <Badge {...((status === "missing" || status === "malformed") && { tone: "warning" })}>
      <ForeignText text={status} max={40} />
    </Badge>
  )
}
