import type { Membership } from "#accounts/organizations/membership.ts"
import type { App } from "#app.ts"
import { type Assignable, listAssignables } from "#issues/detail-store.ts"
import {
  findLastResolved,
  listEnvironmentNames,
  listStreamProjects,
  type StreamProject,
} from "#issues/stream/facts-store.ts"
import { periodOf } from "#issues/stream/period.ts"
import { type Read, type StreamAnswer, searchIssues } from "#issues/stream/search.ts"
import { issueSeries } from "#issues/stream/series-store.ts"
import { countStream } from "#issues/stream/store.ts"
import type { StreamScope } from "#issues/stream/stream.ts"
import { readWithin } from "#platform/db.ts"
import { isDatabaseBusy } from "../../../errors.ts"
import type { Shell } from "../../shell.ts"
import { loadPreview, type PreviewData } from "./preview-data.ts"
import { lastDayOf, type StreamRequest } from "./request.ts"

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
  /** The full range took PostgreSQL too long: the last day is shown instead, or nothing when that did as well. */
  slow: "narrowed" | "gave_up" | null
  /** Issues that wait for review, up to one above MAX_REVIEW_COUNT; null: counting took too long. */
  reviewCount: number | null
  /** Of the row that the address opens. */
  preview: PreviewData | null
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
  /** Milliseconds that one statement may take. */
  patience?: number
}

const PATIENCE = 5_000

export async function loadStream(reader: Reader, request: StreamRequest): Promise<StreamData> {
  const { sql } = reader.app
  const { organizationId } = reader.membership
  const projects = await listStreamProjects(sql, organizationId)
  const scope = scopeOf(reader, request, projects)
  const { projectIds } = scope
  const [list, environments, assignables, reviewCount, preview] = await Promise.all([
    loadList(reader, request, projects),
    listEnvironmentNames(sql, projectIds),
    listAssignables(sql, organizationId),
    countForReview(reader, scope),
    request.preview ? loadPreview(sql, organizationId, request.preview) : null,
  ])
  const token = changeToken(projects, reader.shell.now)
  return { ...list, projects, environments, assignables, token, reviewCount, preview }
}

/** Whoever has more than that to look at does not count them. */
export const MAX_REVIEW_COUNT = 99

function countForReview(reader: Reader, scope: StreamScope): Promise<number | null> {
  const read = patientRead(reader)
  return unlessBusy(read((db) => countStream(db, scope, { kind: "forReview" }, MAX_REVIEW_COUNT)))
}

type List = Pick<StreamData, "answer" | "series" | "empty" | "slow">

const NO_ISSUES = { issues: [], next: null, previous: null, hits: { count: 0, isMore: false } }

async function loadList(
  reader: Reader,
  request: StreamRequest,
  projects: readonly StreamProject[],
): Promise<List> {
  const full = await readList(reader, request, projects)
  if (full) return { ...full, slow: null }
  const day = request.period !== "24h" && (await readList(reader, lastDayOf(request), projects))
  if (day) return { ...day, slow: "narrowed" }
  return { answer: { ok: true, page: NO_ISSUES }, series: new Map(), empty: null, slow: "gave_up" }
}

/** null: PostgreSQL took too long. */
async function readList(
  reader: Reader,
  request: StreamRequest,
  projects: readonly StreamProject[],
): Promise<Omit<List, "slow"> | null> {
  const scope = scopeOf(reader, request, projects)
  const read = patientRead(reader)
  const search = { ...scope, ...searchPart(request) }
  const answer = await unlessBusy(searchIssues(reader.app.sql, search, read))
  if (!answer?.ok) return answer && { answer, series: new Map(), empty: null }
  const { issues } = answer.page
  if (issues.length === 0) {
    const empty = await unlessBusy(emptyFacts(reader, request, scope))
    return { answer, series: new Map(), empty }
  }
  const series = await unlessBusy(issueSeries(reader.app.sql, scope, issues))
  return series && { answer, series, empty: null }
}

/** List and count give up each on its own; what is read for the rows of one page is bounded and needs no transaction. */
function patientRead({ app, patience = PATIENCE }: Reader): Read {
  return (run) => readWithin(app.sql, patience, run)
}

/** null: PostgreSQL gave up. */
async function unlessBusy<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (isDatabaseBusy(error)) return null
    throw error
  }
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
  const read = patientRead(reader)
  const hitsOf = async (wider: StreamScope) => {
    const answer = await searchIssues(sql, { ...wider, ...searchPart(request), limit: 1 }, read)
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
