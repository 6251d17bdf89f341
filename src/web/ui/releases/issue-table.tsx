import { statusName } from "#issues/issue.ts"
import type { ReleaseIssue } from "#issues/resolving/release-issues-store.ts"
import { formatShortId } from "#issues/short-id.ts"
import { urls } from "#urls.ts"
import { type IssueState, StateChip } from "../components/badge.tsx"
import { Table } from "../components/data/table.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import type { Shell } from "../shell.ts"

type Props = {
  shell: Shell
  org: string
  caption: string
  issues: readonly ReleaseIssue[]
  /** What it means that there are none. */
  none: string
}

export function IssueTable({ shell, org, caption, issues, none }: Props) {
  if (issues.length === 0) return <p class="card-body muted">{none}</p>
  return (
    <Table
      caption={caption}
      rows={issues}
      columns={[
        {
          head: "Issue",
          rowHead: true,
          cell: (issue) => (
            <span class="release-issue">
              <a href={urls.issue(org, issue.id)}>
                <ForeignText text={issue.title} max={160} />
              </a>
              <small class="muted">{formatShortId(issue.projectSlug, issue.shortId)}</small>
              <StateChip {...stateOf(issue)} />
            </span>
          ),
        },
        { head: "Events", number: true, cell: (row) => Number(row.timesSeen).toLocaleString("en") },
        { head: "Users", number: true, cell: (row) => row.usersSeen.toLocaleString("en") },
        {
          head: "Last seen",
          cell: (row) => <TimeAgo at={row.lastSeen} now={shell.now} zone={shell.zone} />,
        },
      ]}
    />
  )
}

function stateOf({ status, substatus }: ReleaseIssue): IssueState {
  return { status: statusName(status) as IssueState["status"], substatus }
}
