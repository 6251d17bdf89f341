import type { Column } from "../../components/data/table.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import type { Shell } from "../../shell.ts"
import { dateOf } from "../../times.ts"
import { bytesOf } from "../../units.ts"

type Uploaded = { createdAt: Date; usedOn: string }

/** What is told of every upload, whatever it is. */
export function uploadColumns<Row extends Uploaded>(
  { now, zone }: Shell,
  sizeOf: (row: Row) => number,
): Column<Row>[] {
  return [
    { head: "Size", number: true, cell: (row) => bytesOf(sizeOf(row)) },
    {
      head: "Uploaded",
      cell: ({ createdAt }) => <TimeAgo at={createdAt} now={now} zone={zone} />,
    },
    {
      head: "Last needed",
      cell: ({ usedOn }) => <span class="nowrap">{usedOnText(usedOn)}</span>,
    },
  ]
}

/** Of a day as PostgreSQL writes it. */
export const usedOnText = (day: string) => dateOf(new Date(day), "UTC")
