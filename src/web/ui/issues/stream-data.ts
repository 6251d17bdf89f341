import type { Membership } from "#accounts/organizations/membership.ts"
import type { App } from "#app.ts"
import { type Assignable, listAssignables } from "#issues/detail-store.ts"
import type { StreamScope } from "#issues/stream.ts"
import {
  findLastResolved,
  listEnvironmentNames,
  listStreamProjects,
  type StreamProject,
} from "#issues/stream-facts-store.ts"
import { periodOf } from "#issues/stream-period.ts"
import { type StreamAnswer, searchIssues } from "#issues/stream-search.ts"
import { issueSeries } from "#issues/stream-series-store.ts"
import type { Shell } from "../shell.ts"
import type { StreamRequest } from "./stream-request.ts"

/** What a stream page shows, beside its request. */
export type StreamData = {
  answer: StreamAnswer
  /** Events per bucket for each issue of the page. */
  series: Map<string, number[]>
  projects: readonly StreamProject[]
  environments: readonly string[]
  assignables: readonly Assignable[]
  /** Only looked up when nothing matched. */
  empty: EmptyFacts | null
  /** What polling compares with. */
  token: string
}

export type EmptyFacts = {
  lastResolved: Awaited<ReturnType<typeof findLastResolved>>
  /** Matches when the environment, or the period, is widened; null when there is nothing to widen. */
  inAllEnvironments: number | null
  inLongestPeriod: number | null
}

type Reader = {
  app: Pick<App, "sql">
  membership: Membership
  shell: Pick<Shell, "now" | "zone" | "viewer">
}

export async function loadStream(reader: Reader, request: StreamRequest): Promise<StreamData> {
  const { sql } = reader.app
  const { organizationId } = reader.membership
  const projects = await listStreamProjects(sql, organizationId)
  const scope = scopeOf(reader, request, projects)
  const [answer, environments, assignables] = await Promise.all([
    searchIssues(sql, { ...scope, ...searchPart(request) }),
    listEnvironmentNames(sql, scope.projectIds),
    listAssignables(sql, organizationId),
  ])
  const issues = answer.ok ? answer.page.issues : []
  const isEmpty = answer.ok && issues.length === 0
  const [series, empty] = await Promise.all([
    issues.length > 0 ? issueSeries(sql, scope, issues) : new Map<string, number[]>(),
    isEmpty ? emptyFacts(reader, request, scope) : null,
  ])
  const token = changeToken(projects, reader.shell.now)
  return { answer, series, projects, environments, assignables, empty, token }
}

/** A project that is not the organization's is no project: ids out of an address are only ever narrowed. */
export function scopeOf(
  { membership, shell }: Omit<Reader, "app">,
  request: StreamRequest,
  projects: readonly { id: string }[],
): StreamScope {
  const picked = projects.filter(
    ({ id }) => request.projects.length === 0 || request.projects.includes(id),
  )
  return {
    organizationId: membership.organizationId,
    projectIds: picked.map(({ id }) => id),
    environments: request.environments,
    period: periodOf(request.period, shell.now, shell.zone),
    viewerId: shell.viewer.user.id,
  }
}

/** `MILLISECONDS.SEQUENCE`: when the page was made and how often its projects had changed by then. */
export function changeToken(projects: readonly StreamProject[], now: Date): string {
  const sequence = projects.reduce((sum, project) => sum + BigInt(project.changeSeq), 0n)
  return `${now.getTime()}.${sequence}`
}

function searchPart({ query, sort, cursor, limit }: StreamRequest) {
  return { query, sort, cursor, limit }
}

async function emptyFacts(
  reader: Reader,
  request: StreamRequest,
  scope: StreamScope,
): Promise<EmptyFacts> {
  const { sql } = reader.app
  const hitsOf = async (wider: StreamScope) => {
    const answer = await searchIssues(sql, { ...wider, ...searchPart(request), limit: 1 })
    return answer.ok ? answer.page.hits.count : 0
  }
  const longest = periodOf("90d", reader.shell.now, reader.shell.zone)
  const [lastResolved, inAllEnvironments, inLongestPeriod] = await Promise.all([
    findLastResolved(sql, scope.projectIds),
    request.environments.length > 0 ? hitsOf({ ...scope, environments: [] }) : null,
    request.period !== "90d" ? hitsOf({ ...scope, period: longest }) : null,
  ])
  return { lastResolved, inAllEnvironments, inLongestPeriod }
}
