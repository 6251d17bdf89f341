import type { Child } from "hono/jsx"
import { removableParts } from "#issues/search/parse.ts"
import { formatShortId } from "#issues/short-id.ts"
import { urls } from "#urls.ts"
import { ButtonLink } from "../../components/button.tsx"
import { EmptyState } from "../../components/feedback/empty-state.tsx"
import { Icon } from "../../components/icon.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import type { Shell } from "../../shell.ts"
import type { EmptyFacts, StreamData } from "./data.ts"
import { DEFAULT_QUERY, type StreamRequest, streamUrl } from "./request.ts"

type EmptyProps = {
  org: string
  request: StreamRequest
  data: StreamData
  shell: Pick<Shell, "now" | "zone">
}

/** Why nothing is listed, and the one thing to do about it. */
export function StreamEmpty({ org, request, data, shell }: EmptyProps) {
  if (data.projects.length === 0) return <NoProject org={org} />
  const silent = data.projects.filter(({ id, firstEventAt }) => {
    return firstEventAt === null && isPicked(request, id)
  })
  const [first] = silent
  const picked = data.projects.filter(({ id }) => isPicked(request, id))
  if (first && silent.length === picked.length) return <NoEvent org={org} slug={first.slug} />
  const isPlain = request.query === DEFAULT_QUERY && request.environments.length === 0
  if (isPlain)
    return (
      <AllDone
        org={org}
        facts={data.empty}
        shell={shell}
        wider={widerOf(org, request, data.empty)}
      />
    )
  return <NothingMatches org={org} request={request} facts={data.empty} />
}

function isPicked(request: StreamRequest, id: string): boolean {
  return request.projects.length === 0 || request.projects.includes(id)
}

function NoProject({ org }: { org: string }) {
  return (
    <EmptyState
      title="No project yet"
      action={
        <ButtonLink href={urls.newProject(org)} variant="primary" icon="plus">
          Create a project
        </ButtonLink>
      }
    >
      <p>
        Issues belong to projects. A project is one program or service that sends its errors here.
      </p>
    </EmptyState>
  )
}

function NoEvent({ org, slug }: { org: string; slug: string }) {
  return (
    <EmptyState
      title={`Waiting for the first event of ${slug}`}
      action={
        <ButtonLink href={urls.gettingStarted(org, slug)} variant="primary">
          Set up the SDK
        </ButtonLink>
      }
    >
      <p>
        Errors appear here as soon as a program sends them. The guide has the lines to copy. Was
        something sent already? <a href={urls.whereIsMyEvent(org)}>Look where it is</a>.
      </p>
    </EmptyState>
  )
}

function AllDone(props: {
  org: string
  facts: EmptyFacts | null
  shell: EmptyProps["shell"]
  wider: Child
}) {
  const resolved = props.facts?.lastResolved
  return (
    <EmptyState title="Nothing unresolved">
      {resolved && (
        <p>
          {"Last resolved: "}
          <a href={urls.issue(props.org, resolved.id)}>
            {formatShortId(resolved.projectSlug, resolved.shortId)}
          </a>
          {resolved.by && ` by ${resolved.by}`}
          {", "}
          <TimeAgo at={resolved.resolvedAt} now={props.shell.now} zone={props.shell.zone} />
        </p>
      )}
      {props.wider}
    </EmptyState>
  )
}

/** The query as chips: each takes one part of it away. */
function NothingMatches(props: { org: string; request: StreamRequest; facts: EmptyFacts | null }) {
  const { org, request, facts } = props
  return (
    <EmptyState title="No issue matches">
      <ul class="chips" aria-label="Parts of the query">
        {removableParts(request.query).map(({ text, without }) => (
          <li>
            <a class="chip" href={streamUrl(org, request, { query: without })}>
              <code>{text}</code>
              <Icon name="x" label={`Search without ${text}`} />
            </a>
          </li>
        ))}
      </ul>
      {widerOf(org, request, facts)}
      <p>
        Is an event missing? <a href={urls.whereIsMyEvent(org)}>Look where it is</a>.
      </p>
    </EmptyState>
  )
}

function widerOf(org: string, request: StreamRequest, facts: EmptyFacts | null): Child {
  const everywhere = facts?.inAllEnvironments ?? 0
  const longer = facts?.inLongestPeriod ?? 0
  return (
    <>
      {everywhere > 0 && (
        <p>
          <a href={streamUrl(org, request, { environments: [] })}>
            {`${everywhere.toLocaleString("en")} in all environments`}
          </a>
        </p>
      )}
      {longer > 0 && (
        <p>
          <a href={streamUrl(org, request, { period: "90d" })}>
            {`${longer.toLocaleString("en")} in the last 90 days`}
          </a>
        </p>
      )}
    </>
  )
}
