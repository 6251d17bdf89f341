import type { ChangedFile, Commit } from "#releases/history-store.ts"
import { urls } from "#urls.ts"
import { Card } from "../components/card.tsx"
import { CommitList } from "../components/commit-list.tsx"
import { Pager } from "../components/data/pager.tsx"
import { Table } from "../components/data/table.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { HowToTell } from "./how-to.tsx"
import { type ReleaseFrame, ReleaseLayout } from "./release-layout.tsx"

type HistoryProps<Row> = ReleaseFrame & {
  address: string
  rows: readonly Row[]
  offset: number
  hasMore: boolean
}

export const HISTORY_PAGE_SIZE = 100

export function CommitsPage(props: HistoryProps<Commit>) {
  return (
    <ReleaseLayout {...props} tab="commits">
      {props.rows.length === 0 ? (
        <Nothing {...props} title="No commits were told of" />
      ) : (
        <Card flush>
          <CommitList shell={props.shell} commits={props.rows} />
          <Pages {...props} of="commits" href={urls.releaseCommits} />
        </Card>
      )}
    </ReleaseLayout>
  )
}

const WORDS = { A: "added", M: "modified", D: "deleted" } as const

export function FilesPage(props: HistoryProps<ChangedFile>) {
  return (
    <ReleaseLayout {...props} tab="files">
      {props.rows.length === 0 ? (
        <Nothing {...props} title="No changed files were told of" />
      ) : (
        <Card flush>
          <Table
            caption="Files that the commits of this release changed"
            rows={props.rows}
            columns={[
              {
                head: "File",
                rowHead: true,
                cell: ({ path }) => (
                  <code class="anywhere">
                    <ForeignText text={path} max={300} />
                  </code>
                ),
              },
              { head: "Change", cell: (row) => row.changes.map((kind) => WORDS[kind]).join(", ") },
              { head: "Commits", number: true, cell: (row) => row.commits.toLocaleString("en") },
              {
                head: "Authors",
                cell: (row) => <ForeignText text={row.authors.join(", ")} max={200} />,
              },
            ]}
          />
          <Pages {...props} of="files" href={urls.releaseFiles} />
        </Card>
      )}
    </ReleaseLayout>
  )
}

function Nothing(props: HistoryProps<unknown> & { title: string }) {
  return (
    <>
      <EmptyState title={props.title}>
        <p>
          With them, this page shows what changed in the release, an issue's page who may have
          brought it, and commit messages resolve issues.
        </p>
      </EmptyState>
      <HowToTell address={props.address} org={props.org} version={props.release.version} />
    </>
  )
}

function Pages(
  props: HistoryProps<unknown> & { of: string; href: (org: string, version: string) => string },
) {
  const { offset, hasMore, org, release, href } = props
  if (offset === 0 && !hasMore) return null
  const at = (to: number) => `${href(org, release.version)}${to > 0 ? `?offset=${to}` : ""}`
  return (
    <Pager
      label={`Pages of ${props.of}`}
      summary={`From ${(offset + 1).toLocaleString("en")}`}
      previous={offset > 0 ? at(Math.max(0, offset - HISTORY_PAGE_SIZE)) : null}
      next={hasMore ? at(offset + HISTORY_PAGE_SIZE) : null}
    />
  )
}
