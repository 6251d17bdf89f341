import type { App } from "#app.ts"
import { type IssueDetail, listIssueDetails } from "#issues/detail-store.ts"
import { checkMergeable, mergeIssues, survivorFirst } from "#issues/moving/merging.ts"
import { formatShortId } from "#issues/short-id.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebContext } from "../../context.ts"
import { Button, ButtonLink } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { Csrf } from "../components/forms/form.tsx"
import { setFlash } from "../flash.ts"
import { Layout } from "../layout.tsx"
import { type Shell, shellOf } from "../shell.ts"
import { tickedRefs } from "./ticked-refs.ts"

/** The step before a merge: which issue stays, and which become part of it. Only what was ticked, never a query. */
export async function askToMerge(app: App, c: WebContext, ids: readonly string[]) {
  const refs = await tickedRefs(app, c, ids)
  checkMergeable(refs)
  const { organizationId, slug } = c.var.membership
  const details = await listIssueDetails(app.sql, organizationId, refs)
  checkMergeable(details.map(({ projectId, id }) => ({ projectId, id })))
  return c.html(<MergePage shell={shellOf(app, c)} org={slug} issues={survivorFirst(details)} />)
}

export async function mergeTicked(app: App, c: WebContext, ids: readonly string[]) {
  const { slug } = c.var.membership
  const issues = await tickedRefs(app, c, ids)
  const { target, sources } = await mergeIssues(app, { issues, actor: viewerOf(c).user.id })
  const others = sources.length === 1 ? "One other issue" : `${sources.length} other issues`
  setFlash(app, c, {
    tone: "success",
    text: `${others} became part of this one. What is stored arrives within a minute. Fingerprints take it apart again.`,
  })
  return c.redirect(urls.issue(slug, target.id), 303)
}

type MergePageProps = { shell: Shell; org: string; issues: readonly IssueDetail[] }

function MergePage({ shell, org, issues }: MergePageProps) {
  const [target, ...sources] = issues
  const words = sources.length === 1 ? "1 issue" : `${sources.length} issues`
  return (
    <Layout {...shell} title="Merge issues" section="issues">
      <div class="page-head">
        <h1>{`Merge ${issues.length} issues`}</h1>
      </div>
      <div class="stack">
        <Card title="This one stays: it was seen first">
          {target && <IssueLine issue={target} org={org} />}
        </Card>
        <Card title="These become part of it">
          <ul class="stack">
            {sources.map((issue) => (
              <li>
                <IssueLine issue={issue} org={org} />
              </li>
            ))}
          </ul>
        </Card>
        <p class="muted">
          Counts, users, comments and fingerprints go along, and old links lead to the issue that
          stays. Its page of fingerprints takes them out again.
        </p>
        <form class="row" method="post" action={urls.issues(org)}>
          <Csrf token={shell.csrf} />
          {issues.map(({ id }) => (
            <input type="hidden" name="id" value={id} />
          ))}
          <Button name="action" value="merge_confirmed" variant="primary">
            {`Merge ${words} into it`}
          </Button>
          <ButtonLink href={urls.issues(org)} variant="quiet">
            Back to the list
          </ButtonLink>
        </form>
      </div>
    </Layout>
  )
}

function IssueLine({ issue, org }: { issue: IssueDetail; org: string }) {
  return (
    <span class="anywhere">
      <a href={urls.issue(org, issue.id)}>{formatShortId(issue.projectSlug, issue.shortId)}</a>{" "}
      <ForeignText text={issue.title} max={200} />{" "}
      <span class="muted">{`${Number(issue.timesSeen).toLocaleString("en")} events`}</span>
    </span>
  )
}
