import type { Child } from "hono/jsx"
import { urls } from "#urls.ts"
import { Card } from "../components/card.tsx"
import { Table } from "../components/data/table.tsx"
import type { Side, Sides } from "./side.ts"
import { VersionLink, versionText } from "./version-name.tsx"

const number = (value: number) => value.toLocaleString("en")

/** What is compared of two releases, one line each. */
export type ComparedRow<Compared extends Side = Side> = {
  what: string
  of: (side: Compared) => Child
  change?: (from: Compared, to: Compared) => string
}

export function verdictRows(hours: number): ComparedRow[] {
  return [
    {
      what: "New issues",
      of: ({ release }) => number(release.newIssues),
      change: (from, to) => difference(from.release.newIssues, to.release.newIssues),
    },
    {
      what: "Came back",
      of: ({ regressions }) => number(regressions),
      change: (from, to) => difference(from.regressions, to.regressions),
    },
    {
      what: `Events in the first ${hours === 1 ? "hour" : `${hours} hours`}`,
      of: ({ release, opening }) => openingText(release.firstEventAt, opening),
      change: openingChange,
    },
  ]
}

/** Nothing, while one of them is waiting for its first event. */
function openingChange(from: Side, to: Side): string {
  if (!from.release.firstEventAt || !to.release.firstEventAt) return ""
  return from.opening === null || to.opening === null ? "" : percentage(from.opening, to.opening)
}

function openingText(firstEventAt: Date | null, opening: number | null): string {
  if (!firstEventAt) return "none yet"
  return opening === null ? "not known any more" : number(opening)
}

function difference(from: number, to: number): string {
  return from === to ? "the same" : `${to > from ? "+" : "−"}${number(Math.abs(to - from))}`
}

function percentage(from: number, to: number): string {
  if (from === to) return "the same"
  if (from === 0) return `+${number(to)}`
  return `${to > from ? "+" : "−"}${number(Math.round((Math.abs(to - from) / from) * 100))} %`
}

/** The release after another one, the earlier one first. */
export function ComparedTable<Compared extends Side>(props: {
  org: string
  caption: string
  rows: readonly ComparedRow<Compared>[]
  from: Compared
  to: Compared
}) {
  const { org, caption, rows, from, to } = props
  return (
    <>
      <p class="card-body row">
        <VersionLink org={org} version={from.release.version} />
        <span class="muted">and</span>
        <VersionLink org={org} version={to.release.version} />
      </p>
      <Table
        caption={caption}
        rows={rows}
        columns={[
          { head: "What", rowHead: true, cell: ({ what }) => what },
          { head: versionText(from.release.version), cell: ({ of }) => of(from) },
          { head: versionText(to.release.version), cell: ({ of }) => of(to) },
          { head: "Change", cell: ({ change }) => change?.(from, to) },
        ]}
      />
    </>
  )
}

/** How a release did, beside the one before it. */
export function Verdict({ org, verdict: { hours, sides } }: { org: string; verdict: Sides }) {
  const [to, from] = sides
  if (!to) return null
  const rows = verdictRows(hours)
  const compare = urls.compareReleases(org, to.release.version)
  return (
    <Card
      title={from ? "Compared with the release before" : "In numbers"}
      id="verdict"
      actions={<a href={compare}>Compare with…</a>}
      flush
    >
      {from ? (
        <ComparedTable
          org={org}
          caption="Beside the release before"
          rows={rows}
          from={from}
          to={to}
        />
      ) : (
        <Table
          caption="The release in numbers"
          rows={rows}
          columns={[
            { head: "What", rowHead: true, cell: ({ what }) => what },
            { head: versionText(to.release.version), cell: ({ of }) => of(to) },
          ]}
        />
      )}
    </Card>
  )
}
