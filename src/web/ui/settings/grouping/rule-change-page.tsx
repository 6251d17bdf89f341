import { formatShortId } from "#issues/short-id.ts"
import type { NamedIssue, RehearsalResult, RuleChange } from "#maintenance/regroup/change-store.ts"
import { UNDO_DAYS } from "#maintenance/regroup/rule-changes.ts"
import type { Project } from "#projects/store.ts"
import { urls } from "#urls.ts"
import { Button, ButtonLink } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Banner } from "../../components/feedback/notice.tsx"
import { Progress } from "../../components/feedback/progress.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import { Csrf } from "../../components/forms/form.tsx"
import type { Shell } from "../../shell.ts"
import { ProjectLayout } from "../project-layout.tsx"

type RuleChangePageProps = {
  shell: Shell
  organization: { slug: string }
  project: Project
  change: RuleChange
  canWrite: boolean
}

/** Seconds between looks at something that is under way. */
const REFRESH_SECONDS = 2
/** Several times what an event takes without rules of its project. */
const SLOW_MICROS = 2_000

/** One change of rules, from what it would do to what it did. */
export function RuleChangePage(props: RuleChangePageProps) {
  const { shell, organization, project, change } = props
  const isUnderWay = ["rehearsing", "regrouping", "undoing"].includes(change.status)
  return (
    <ProjectLayout
      shell={shell}
      organization={organization}
      project={project}
      page="grouping"
      title="Change of rules"
      {...(isUnderWay && { refreshSeconds: REFRESH_SECONDS })}
    >
      <Standing {...props} />
      {change.result && change.status !== "failed" && <Effects {...props} result={change.result} />}
      <Card title="The rules">
        <div class="stack">
          <RuleText title="Fingerprint rules" text={change.fingerprintRules} />
          <RuleText title="Stack trace rules" text={change.stackTraceRules} />
        </div>
      </Card>
      <ButtonLink href={urls.projectGrouping(organization.slug, project.slug)} variant="quiet">
        Back to the rules
      </ButtonLink>
    </ProjectLayout>
  )
}

function Standing(props: RuleChangePageProps) {
  const { change, canWrite } = props
  const counts = `${counted(change.moved, "event")} got another issue`
  switch (change.status) {
    case "rehearsing":
      return <Banner>The rules are being tried on the newest events. This takes a moment.</Banner>
    case "failed":
      return <Banner tone="warning">{change.error ?? "The rules could not be tried."}</Banner>
    case "rehearsed":
      return canWrite ? <SaveForm {...props} /> : null
    case "saved":
      return (
        <Banner tone="success">
          Saved: new events follow these rules. Stored events stay where they are.
        </Banner>
      )
    case "regrouping":
    case "undoing":
      return (
        <Card
          title={change.status === "undoing" ? "Taking it back" : "Applying it to stored events"}
        >
          <Progress
            label={`${number(change.lookedAt)} of ${number(change.total)} events, ${counts}`}
            value={Number(change.lookedAt)}
            max={Math.max(1, Number(change.total), Number(change.lookedAt))}
          />
          <p class="muted">
            It starts within half a minute, goes on by itself and may be left alone.
          </p>
        </Card>
      )
    case "regrouped":
      return canWrite ? (
        <UndoForm {...props} counts={counts} />
      ) : (
        <Banner tone="success">{`Done: ${counts}.`}</Banner>
      )
    case "undone":
      return (
        <Banner tone="success">
          Taken back: the former rules hold, and stored events are where they were.
        </Banner>
      )
  }
}

function SaveForm({ shell, change }: RuleChangePageProps) {
  return (
    <Card title="Nothing is saved yet">
      <form method="post" class="stack">
        <Csrf token={shell.csrf} />
        <span class="row">
          <Button name="action" value="save" variant="primary">
            Save for new events
          </Button>
          <Button name="action" value="save_and_regroup">
            Save and regroup stored events
          </Button>
        </span>
        <p class="muted">
          {`Regrouping moves all stored events, not only those that were tried, and can be taken back for ${UNDO_DAYS} days.`}
        </p>
        {change.result && change.result.microsPerEvent > SLOW_MICROS && (
          <Banner tone="warning">
            {`These rules slow down ingestion: with them an event takes ${(change.result.microsPerEvent / 1000).toFixed(1)} ms to place.`}
          </Banner>
        )}
      </form>
    </Card>
  )
}

function UndoForm({ shell, counts }: RuleChangePageProps & { counts: string }) {
  return (
    <Card title={`Done: ${counts}`}>
      <form method="post" class="stack">
        <Csrf token={shell.csrf} />
        <p>
          {`For ${UNDO_DAYS} days this can be taken back: the former rules hold again, and every stored event goes where it was.`}
        </p>
        <span class="row">
          <Button name="action" value="undo">
            Take it back
          </Button>
        </span>
      </form>
    </Card>
  )
}

function Effects({ result, ...props }: RuleChangePageProps & { result: RehearsalResult }) {
  const { issuesBefore: before, issuesAfter: after, joins, splits } = result
  const became = ["regrouped", "undoing", "undone"].includes(props.change.status)
    ? "became"
    : "become"
  const isSame = joins.length === 0 && splits.length === 0
  return (
    <Card
      title={
        isSame ? "No issue changes" : `${issues(before)} ${became} ${after.toLocaleString("en")}`
      }
    >
      <p>{`By the newest ${counted(result.events, "stored event")} of the project.`}</p>
      {joins.map(({ into, from }) => (
        <section class="stack prose">
          <h3>
            {`${issues(from.length)} as one: `}
            <IssueName issue={into} {...props} />
          </h3>
          <ul>
            {from.map((issue) => (
              <li class="anywhere">
                <IssueName issue={issue} {...props} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {splits.map(({ from, into }) => (
        <section class="stack prose">
          <h3>
            <IssueName issue={from} {...props} />
            {` as ${issues(into.length)}:`}
          </h3>
          <ul>
            {into.map((issue) => (
              <li class="anywhere">
                <IssueName issue={issue} {...props} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Card>
  )
}

function IssueName({ issue, organization, project }: RuleChangePageProps & { issue: NamedIssue }) {
  const { id, shortId, title, events } = issue
  return (
    <>
      {id !== null && shortId !== null ? (
        <a href={urls.issue(organization.slug, id)}>{formatShortId(project.slug, shortId)}</a>
      ) : (
        <span class="muted">a new issue</span>
      )}{" "}
      <ForeignText text={title} max={160} /> <span class="muted">{counted(events, "event")}</span>
    </>
  )
}

function RuleText({ title, text }: { title: string; text: string }) {
  return (
    <section>
      <h3>{title}</h3>
      {text === "" ? (
        <p class="muted">none</p>
      ) : (
        <pre class="code anywhere" tabindex={0}>
          <ForeignText text={text} max={5_000} />
        </pre>
      )}
    </section>
  )
}

const number = (value: number | string) => Number(value).toLocaleString("en")
const issues = (count: number) => counted(count, "issue")
const counted = (count: number | string, noun: string) =>
  `${number(count)} ${noun}${Number(count) === 1 ? "" : "s"}`
