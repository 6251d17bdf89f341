import type { Child } from "hono/jsx"

export type Column<Row> = {
  head: string
  /** The head names a column of buttons: read out, not shown. */
  quiet?: boolean
  cell: (row: Row) => Child
  /** Aligned to the end, never wrapped. */
  number?: boolean
  /** The cell names its row. */
  rowHead?: boolean
}

/** A real table on wide screens; on phones each row becomes a card with its heads as labels. */
export function Table<Row>(props: {
  /** Read out before the table; also its visible title when there is no card around it. */
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
}) {
  return (
    <table class="table">
      <caption class="visually-hidden">{props.caption}</caption>
      <thead>
        <tr>
          {props.columns.map((column) => (
            <th scope="col" {...(column.number && { class: "number" })}>
              {column.quiet ? <span class="visually-hidden">{column.head}</span> : column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row) => (
          <tr>
            {props.columns.map((column) => (
              <Cell column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  if (column.rowHead) return <th scope="row">{column.cell(row)}</th>
  return (
    <td
      {...(!column.quiet && { "data-label": column.head })}
      {...(column.number && { class: "number" })}
    >
      {column.cell(row)}
    </td>
  )
}
