import type { Child } from "hono/jsx"
import { ForeignText } from "../foreign-text.tsx"
import { JsonTree } from "./json-tree.tsx"

const MAX_ROWS = 200

/** Foreign data as a table: keys at the side, values as text or as a tree that folds. */
export function KeyValueTable(props: {
  caption: string
  rows: readonly (readonly [key: string, value: unknown])[]
  /** Replaces how a value is shown, for values that lead somewhere. */
  cell?: (key: string, value: unknown) => Child
  /** Short values: two rows beside each other where there is room. */
  columns?: boolean
}) {
  const { caption, rows, cell, columns = false } = props
  return (
    <table class="kv" {...(columns && { "data-columns": "" })}>
      <caption class="visually-hidden">{caption}</caption>
      <tbody>
        {rows.slice(0, MAX_ROWS).map(([key, value]) => (
          <tr>
            <th scope="row">
              <ForeignText text={key} max={200} />
            </th>
            <td>{cell ? cell(key, value) : <JsonTree value={value} />}</td>
          </tr>
        ))}
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
