import type { App } from "#app.ts"
import { listSimilarIssues, type SimilarIssue } from "#issues/moving/similar-store.ts"
import { formatShortId } from "#issues/short-id.ts"
import { urls } from "#urls.ts"
import type { WebContext } from "../../../../context.ts"
import { Button } from "../../../components/button.tsx"
import { Card } from "../../../components/card.tsx"
import { Table } from "../../../components/data/table.tsx"
import { EmptyState } from "../../../components/feedback/empty-state.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import { Csrf } from "../../../components/forms/form.tsx"
import { TimeAgo } from "../../../components/time-ago.tsx"
import { shellOf } from "../../../shell.ts"
import { frameOf } from "../frame-of.ts"
import { IssueShell } from "../issue-shell.tsx"

const MAX_SIMILAR = 20

/** Issues that may be the same problem, to look at and to merge. */
export async function showSimilar(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const { issue } = frame
  const org = c.var.membership.slug
  const shell = shellOf(app, c)
  const similar = await listSimilarIssues(app.sql, issue, MAX_SIMILAR)
  return c.html(
    <IssueShell shell={shell} org={org} frame={frame} tab="similar">
      {similar.length === 0 ? (
        <EmptyState title="No issue is like this one">
          <p>Titles and places of the project's other issues are compared, word by word.</p>
        </EmptyState>
      ) : (
        <form class="form" method="post" action={urls.issues(org)}>
          <Csrf token={shell.csrf} />
          <input type="hidden" name="id" value={issue.id} />
          <Card title="Similar issues of this project" flush>
            <Table
              caption="Similar issues"
              rows={similar}
              columns={[
                {
                  head: "Select",
                  quiet: true,
                  cell: ({ id, title }) => (
                    <input
                      type="checkbox"
                      name="id"
                      value={id}
                      aria-label={`Select ${title.slice(0, 80)}`}
                    />
                  ),
                },
                {
                  head: "Issue",
                  rowHead: true,
                  cell: (each) => <SimilarCell issue={each} org={org} slug={issue.projectSlug} />,
                },
                {
                  head: "Alike",
                  number: true,
                  cell: ({ score }) => `${Math.round(score * 100)} %`,
                },
                {
                  head: "Events",
                  number: true,
                  cell: ({ timesSeen }) => Number(timesSeen).toLocaleString("en"),
                },
                {
                  head: "Last seen",
                  cell: ({ lastSeen }) => (
                    <TimeAgo at={lastSeen} now={shell.now} zone={shell.zone} />
                  ),
                },
              ]}
            />
          </Card>
          <div class="form-actions">
            <Button name="action" value="merge">
              Merge the selected ones with this
            </Button>
          </div>
        </form>
      )}
    </IssueShell>,
  )
}

function SimilarCell({ issue, org, slug }: { issue: SimilarIssue; org: string; slug: string }) {
  const reasons = [
    issue.isSameType && "the same type",
    issue.isSameCulprit && "the same place",
    !issue.isSameType && !issue.isSameCulprit && "similar words",
  ].filter(Boolean)
  return (
    <>
      <a href={urls.issue(org, issue.id)}>
        <span class="mono">{formatShortId(slug, issue.shortId)}</span>{" "}
        <ForeignText text={issue.title} max={160} />
      </a>
      <p class="muted">
        <ForeignText text={issue.culprit} max={160} />
        {issue.culprit && " · "}
        {reasons.join(", ")}
      </p>
    </>
  )
}
