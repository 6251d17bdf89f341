import { type Meta, type MetaNote, metaAt, noteOf } from "#normalize/meta.ts"
import { ForeignText, plainText } from "../foreign-text.tsx"
import { removedMembers, scrubRules } from "./notes.ts"
import { RemovedValue, ValueNote } from "./value-note.tsx"

/** Deeper values are shown as JSON text; a page must not nest as deep as somebody's data. */
const MAX_DEPTH = 6
const MAX_ENTRIES = 100
const OPEN_DEPTH = 1
const MAX_TEXT_CHARACTERS = 2_000

/** Any JSON value: scalars as they are, objects and lists as parts that fold; each with what `_meta` says of it. */
export function JsonTree(props: { value: unknown; meta?: Meta | undefined; depth?: number }) {
  const note = noteOf(props.meta)
  return (
    <>
      <TreeValue {...props} note={note} />
      <ValueNote note={note} />
    </>
  )
}

type TreeProps = {
  value: unknown
  meta?: Meta | undefined
  depth?: number
  note: MetaNote | undefined
}

function TreeValue({ value, meta, depth = 0, note }: TreeProps) {
  if (typeof value !== "object" || value === null) return <Scalar value={value} note={note} />
  if (depth >= MAX_DEPTH) {
    return <ForeignText text={JSON.stringify(value)} max={MAX_TEXT_CHARACTERS} />
  }
  const isList = Array.isArray(value)
  const entries = Object.entries(value)
  if (entries.length === 0) return <span class="json-size">{isList ? "[]" : "{}"}</span>
  return (
    <details class="json" {...(depth < OPEN_DEPTH && entries.length <= 10 && { open: true })}>
      <summary>
        <span class="json-size">
          {isList ? `list of ${entries.length}` : countOf(entries.length)}
        </span>
      </summary>
      <ul>
        {entries.slice(0, MAX_ENTRIES).map(([key, entry]) => (
          <li>
            <span class="json-key">
              <ForeignText text={key} max={200} />
              {": "}
            </span>
            <JsonTree value={entry} meta={metaAt(meta, key)} depth={depth + 1} />
          </li>
        ))}
        {removedMembers(meta, (key) => Object.hasOwn(value, key)).map(([key, gone]) => (
          <li>
            <span class="json-key">
              <ForeignText text={key} max={200} />
              {": "}
            </span>
            <RemovedValue note={gone} />
          </li>
        ))}
        {entries.length > MAX_ENTRIES && (
          <li class="json-size">{`${entries.length - MAX_ENTRIES} more in the JSON`}</li>
        )}
      </ul>
    </details>
  )
}

function countOf(entries: number): string {
  return entries === 1 ? "1 entry" : `${entries} entries`
}

function Scalar({ value, note }: { value: unknown; note: MetaNote | undefined }) {
  if (typeof value === "string") return <TextValue text={value} note={note} />
  const kind = typeof value === "number" ? "json-number" : "json-literal"
  return <span class={kind}>{String(value)}</span>
}

const CLAMP_CHARACTERS = 300
const MAX_SHOWN_CHARACTERS = 20_000

/** A value that may be long: its beginning, and the rest on request. Scrubbed ones are marked. */
export function TextValue({
  text,
  clampAt = CLAMP_CHARACTERS,
  note,
}: {
  text: string
  clampAt?: number
  note?: MetaNote | undefined
}) {
  if (text.length <= clampAt) return <Scrubbed text={text} rules={note ? scrubRules(note) : []} />
  return (
    <>
      <ForeignText text={text} max={clampAt} />
      <details class="more">
        <summary>{`all ${text.length.toLocaleString("en")} characters`}</summary>
        <div class="clamp">
          <ForeignText text={text} max={MAX_SHOWN_CHARACTERS} />
        </div>
      </details>
    </>
  )
}

const FILTERED = "[Filtered]"

/** Scrubbing may have taken the whole value or a part of it. */
function Scrubbed({ text, rules }: { text: string; rules: string[] }) {
  const [first = "", ...others] = text.split(FILTERED)
  const by = rules.length === 0 ? "data scrubbing" : plainText(`${rules.join(", ")}`)
  return (
    <>
      {first !== "" && <ForeignText text={first} />}
      {others.map((piece) => (
        <>
          <span class="filtered" title={`Removed by ${by} before it was stored`}>
            Filtered
          </span>
          {piece !== "" && <ForeignText text={piece} />}
        </>
      ))}
      {text === "" && <span class="json-size">(empty)</span>}
    </>
  )
}
