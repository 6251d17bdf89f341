import type { Child } from "hono/jsx"
import { type Meta, metaAt, noteOf } from "#normalize/meta.ts"
import { ForeignText } from "../foreign-text.tsx"
import { JsonTree } from "./json-tree.tsx"
import { removedMembers } from "./notes.ts"
import { RemovedValue, ValueNote } from "./value-note.tsx"

const MAX_ROWS = 200

/** Foreign data as a table: keys at the side, values as text or as a tree that folds. */
export function KeyValueTable(props: {
  caption: string
  rows: readonly (readonly [key: string, value: unknown])[]
  /** Replaces how a value is shown, for values that lead somewhere. */
  cell?: (key: string, value: unknown) => Child
  /** What happened to the values on the way in. */
  meta?: Meta | undefined
  /** Short values: two rows beside each other where there is room. */
  columns?: boolean
}) {
  const { caption, rows, cell, meta, columns = false } = props
  return (
    <table class="kv" {...(columns && { "data-columns": "" })}>
      <caption class="visually-hidden">{caption}</caption>
      <tbody>
        {rows.slice(0, MAX_ROWS).map(([key, value]) => (
          <tr>
            <th scope="row">
              <ForeignText text={key} max={200} />
            </th>
            <td>{cell ? cell(key, value) : <JsonTree value={value} meta={metaAt(meta, key)} />}</td>
          </tr>
        ))}
        <RemovedRows meta={meta} isThere={(key) => rows.some(([name]) => name === key)} />
        {rows.length > MAX_ROWS && (
          <tr>
            <th scope="row">…</th>
            <td>{`${rows.length - MAX_ROWS} more in the JSON`}</td>
          </tr>
        )}
      </tbody>
    </table>
  )
}

/** What is gone, and that something is gone. */
function RemovedRows(props: { meta: Meta | undefined; isThere: (key: string) => boolean }) {
  const { meta, isThere } = props
  const whole = noteOf(meta)
  return (
    <>
      {removedMembers(meta, isThere)
        .slice(0, MAX_ROWS)
        .map(([key, note]) => (
          <tr>
            <th scope="row">
              <ForeignText text={key} max={200} />
            </th>
            <td>
              <RemovedValue note={note} />
            </td>
          </tr>
        ))}
      {whole && (
        <tr>
          <th scope="row">…</th>
          <td>
            <ValueNote note={whole} />
          </td>
        </tr>
      )}
    </>
  )
}
