import { formatShortId } from "#issues/short-id.ts"
import { MAX_HITS } from "#issues/stream/store.ts"
import type { StreamIssue } from "#issues/stream/stream.ts"
import { urls } from "#urls.ts"
import { Button, ButtonLink } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Banner } from "../components/feedback/notice.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { Csrf } from "../components/forms/form.tsx"
import { Menu } from "../components/menu.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"
import { ArchiveChoices, NoDefaultButton } from "./archive-choices.tsx"
import { type StreamRequest, scopeFields, streamUrl } from "./stream/request.ts"
import { PERIOD_WORDS } from "./stream/toolbar.tsx"

export type BulkPageProps = {
  shell: Shell
  org: string
  request: StreamRequest
  /** Everything that matches now; MAX_HITS + 1 means more. */
  count: number
  first: readonly StreamIssue[]
  /** Slugs of the projects in scope; empty = all. */
  projects: readonly string[]
  /** The count moved since it was confirmed. */
  moved?: boolean
}

const ACTIONS = [
  { value: "resolve", label: "Resolve" },
  { value: "resolve_in_next_release", label: "Resolve in the next release" },
  { value: "archive_until_escalating", label: "Archive until escalating" },
  { value: "unresolve", label: "Unresolve" },
  { value: "assign?assignee=me", label: "Assign to me" },
  { value: "review", label: "Mark as reviewed" },
]

/** The second step of acting on a whole query: says what is meant before anything happens. */
export function BulkPage({ shell, org, request, count, first, projects, moved }: BulkPageProps) {
  const noun = count === 1 ? "issue" : "issues"
  const words = `${count.toLocaleString("en")} ${noun}`
  const isTooMany = count > MAX_HITS
  return (
    <Layout {...shell} title="Act on all matching issues" section="issues">
      <div class="page-head">
        <h1>{isTooMany ? "More than 10,000 issues match" : `${words} match`}</h1>
      </div>
      {moved && (
        <Banner tone="warning">
          The number of matching issues changed since you looked. Nothing was done; please confirm
          again.
        </Banner>
      )}
      <div class="stack">
        <Card title="What is meant">
          <dl class="facts">
            <dt>Query</dt>
            <dd>
              <code>{request.query}</code>
            </dd>
            <dt>Projects</dt>
            <dd>{projects.length > 0 ? projects.join(", ") : "all"}</dd>
            <dt>Environments</dt>
            <dd>{request.environments.length > 0 ? request.environments.join(", ") : "all"}</dd>
            <dt>Seen in</dt>
            <dd>{`the ${PERIOD_WORDS[request.period].toLowerCase()}`}</dd>
          </dl>
        </Card>
        <Card title={count > first.length ? `The first ${first.length}` : "These"}>
          <ul class="stack prose">
            {first.map((issue) => (
              <li class="anywhere">
                <a href={urls.issue(org, issue.id)}>
                  {formatShortId(issue.projectSlug, issue.shortId)}
                </a>{" "}
                <ForeignText text={issue.title} max={200} />
              </li>
            ))}
          </ul>
        </Card>
        {isTooMany ? (
          <Banner tone="warning">
            One action reaches 10,000 issues at most. Narrow the query or the time range first.
          </Banner>
        ) : (
          count > 0 && <ConfirmForm shell={shell} org={org} request={request} count={count} />
        )}
        <ButtonLink href={streamUrl(org, request)} variant="quiet">
          Back to the list
        </ButtonLink>
      </div>
    </Layout>
  )
}

function ConfirmForm(props: Pick<BulkPageProps, "shell" | "org" | "request" | "count">) {
  const { shell, org, request, count } = props
  const words = `${count.toLocaleString("en")} ${count === 1 ? "issue" : "issues"}`
  return (
    <form class="row" method="post" action={`${urls.issues(org)}bulk/`}>
      <Csrf token={shell.csrf} />
      <input type="hidden" name="query" value={request.query} />
      {scopeFields(request)
        .filter(([name]) => name !== "query")
        .map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
      <input type="hidden" name="expected" value={String(count)} />
      <input type="hidden" name="at" value={shell.now.toISOString()} />
      <NoDefaultButton />
      {ACTIONS.map(({ value, label }, index) => (
        <Button name="action" value={value} variant={index === 0 ? "primary" : "default"}>
          {`${label}: ${words}`}
        </Button>
      ))}
      <Menu summary="More ways to archive" align="end">
        <ArchiveChoices zone={shell.zone} />
      </Menu>
    </form>
  )
}
