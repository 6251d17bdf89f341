import type { Child } from "hono/jsx"
import type { StoredVerdict } from "#stats/verdict-store.ts"
import { urls } from "#urls.ts"
import { outcomeWord, reasonOf } from "../../outcome-words.ts"
import { Button, ButtonLink } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { Banner } from "../components/feedback/notice.tsx"
import { Field, Select } from "../components/forms/field.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"
import { ReasonWords } from "./reason-words.tsx"
import { VerdictTable } from "./verdict-table.tsx"
import type { WhereData } from "./where-data.ts"
import type { WhereRequest } from "./where-request.ts"

export type WherePageProps = { shell: Shell; org: string; request: WhereRequest; data: WhereData }

/** From an event id to what became of it, and the last things that were not stored. */
export function WherePage(props: WherePageProps) {
  const { shell, org, request, data } = props
  return (
    <Layout {...shell} title="Where is my event?" section="stats">
      <header class="page-head">
        <h1>Where is my event?</h1>
        <ButtonLink href={urls.stats(org)} icon="chart-column">
          Stats
        </ButtonLink>
      </header>
      <div class="stack">
        <Search {...props} />
        {request.publicKey && <DsnAnswer {...props} />}
        {data.fate && <Fate {...props} fate={data.fate} />}
        {!request.eventId && <VerdictTable {...props} />}
      </div>
    </Layout>
  )
}

function Search({ org, request, data }: WherePageProps) {
  const isUnreadable = request.typed !== "" && !request.eventId && !request.publicKey
  const projectKeys = data.keys.filter(({ projectId }) => projectId === request.projectId)
  return (
    <Card>
      <p class="muted">
        Paste what the SDK returned or logged: 32 hex digits, with or without dashes.
      </p>
      <form class="where-form" action={urls.whereIsMyEvent(org)}>
        <Field
          name="event"
          label="Event id or DSN"
          value={request.typed}
          maxlength={500}
          error={isUnreadable ? "This is neither an event id nor a DSN." : undefined}
          verbatim
        />
        <Select
          name="project"
          label="Project"
          value={request.projectId ?? ""}
          options={[
            { value: "", label: "All projects" },
            ...data.projects.map(({ id, slug }) => ({ value: id, label: slug })),
          ]}
        />
        {projectKeys.length > 1 && (
          <Select
            name="key"
            label="Key"
            value={request.keyId ?? ""}
            options={[
              { value: "", label: "All keys" },
              ...projectKeys.map(({ id, label }) => ({ value: id, label })),
            ]}
          />
        )}
        <Field
          name="until"
          type="datetime-local"
          label="Not later than (UTC)"
          value={request.until}
        />
        <Button variant="primary" icon="search">
          Look
        </Button>
      </form>
    </Card>
  )
}

function DsnAnswer({ org, data: { dsnKey, projects } }: WherePageProps) {
  const project = projects.find(({ id }) => id === dsnKey?.projectId)
  if (!dsnKey || !project) {
    return (
      <Banner tone="error">
        <p>
          No project of this organization has the key of this DSN. Programs that send with it are
          refused with 403.
        </p>
      </Banner>
    )
  }
  return (
    <Banner tone="info">
      <p>
        This is the key{" "}
        <a href={urls.projectKey(org, project.slug, dsnKey.publicKey)}>
          <bdi>{dsnKey.label}</bdi>
        </a>{" "}
        of {project.slug}. What of it was not stored stands below.
      </p>
    </Banner>
  )
}

function Fate(props: WherePageProps & { fate: NonNullable<WhereData["fate"]> }) {
  const { org, request, data, fate } = props
  const { event, feedback, verdicts } = fate
  const isAnything = event !== null || feedback.length > 0 || verdicts.length > 0
  return (
    <>
      {data.missing && <Missing {...props} missing={data.missing} />}
      {isAnything && (
        <Card title="What became of it">
          <ul class="fates">
            {event && (
              <Stored
                {...{ ...props, ...event }}
                href={urls.event(org, event.issueId, request.eventId ?? "")}
              >
                Stored
              </Stored>
            )}
            {feedback.map((each) => (
              <Stored {...{ ...props, ...each }} href={urls.feedbackItem(org, each.id)}>
                {each.isAbout ? "Feedback about it is stored" : "Feedback, stored"}
              </Stored>
            ))}
            {verdicts.map((verdict) => (
              <NotStored {...props} verdict={verdict} />
            ))}
          </ul>
        </Card>
      )}
    </>
  )
}

type StoredProps = Pick<WherePageProps, "shell" | "data"> & {
  projectId: string
  receivedAt: Date
  href: string
  children: Child
}

function Stored({ shell, data, projectId, receivedAt, href, children }: StoredProps) {
  return (
    <li>
      <p>
        <b>Accepted.</b> {children} in {slugOf(data, projectId)},{" "}
        <TimeAgo at={receivedAt} now={shell.now} zone={shell.zone} />.
      </p>
      <ButtonLink href={href} variant="primary">
        Open it
      </ButtonLink>
    </li>
  )
}

function NotStored({ shell, org, data, verdict }: WherePageProps & { verdict: StoredVerdict }) {
  const project = slugOf(data, verdict.projectId)
  return (
    <li>
      <p>
        <b>{outcomeWord(verdict.outcome)}.</b>{" "}
        <ReasonWords {...verdict} org={org} project={project ?? null} />
        {verdict.cause && `: ${verdict.cause}`}
      </p>
      <p class="muted">
        {project}, <TimeAgo at={verdict.receivedAt} now={shell.now} zone={shell.zone} />
      </p>
    </li>
  )
}

function slugOf({ projects }: WhereData, projectId: string): string | undefined {
  return projects.find(({ id }) => id === projectId)?.slug
}

function Missing(props: WherePageProps & { missing: NonNullable<WhereData["missing"]> }) {
  const { waitingSeconds, droppedBySdk } = props.missing
  return (
    <EmptyState title="Nothing is known of this event">
      {waitingSeconds > 5 && (
        <p>Accepted events wait {waitingSeconds} s at the moment: look again then.</p>
      )}
      <p>
        Perhaps it never left the program. SDKs drop events themselves
        {droppedBySdk.length > 0 ? ", in the last 24 hours: " : ", and tell of it afterwards."}
        {droppedBySdk
          .map(({ reason, quantity }) => {
            const { words } = reasonOf("client_discard", reason)
            return `${quantity.toLocaleString("en")} (${words.toLowerCase()})`
          })
          .join(", ")}
      </p>
      <p>
        It may have been sent with a key that is not known here, or to another server: paste the
        program's DSN.
      </p>
      <p>
        Of a flood of refusals only some are kept by id, and none for longer than 30 days.{" "}
        <a href={urls.stats(props.org)}>The numbers</a> are complete.
      </p>
    </EmptyState>
  )
}
