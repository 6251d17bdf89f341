import type { Sql } from "#platform/db.ts"
import type { Acme } from "../acme.ts"
import { until } from "../services.ts"
import type { WatchedPage } from "../watched-page.ts"
import { type Case, requestOf } from "./cases.ts"

const ANSWERED_WITHIN_MS = 10_000
const STORED_WITHIN_MS = 20_000
/** Events whose pages are opened after each round. */
const LOOKED_AT = 5
/** Not an HTTP status: no answer came. */
const NO_ANSWER = 599

export type Place = {
  acme: Acme
  sql: Sql
  watched: WatchedPage
  /** Web and worker. */
  pids(): Promise<number[]>
  logs(): string
}

export type Answered = { given: Case; status: number; text: string }

/** What is wrong after these answers, in words; null when nothing is. */
export type Check = (answers: readonly Answered[]) => Promise<string | null>

export type Target = {
  post(given: Case): Promise<Answered>
  /** Each of them sees only what happened since it was asked before. */
  checks: Check[]
  /** Events so far. */
  countStored(): Promise<number>
}

/** A project to post to, and one whose events tell that the worker is alive. */
export async function targetIn({ acme, sql, watched, logs }: Place): Promise<Target> {
  const [dsn, sentinel] = [await acme.project("fuzz"), await acme.project("sentinel")]
  const projectId = new URL(dsn).pathname.slice(1)
  const countDead = () => countOf(sql`select count(*)::int from dead_letters`)
  const deadLetters = newOnes(async () => {
    await untilStored(sql, acme.url, sentinel)
    return countDead()
  })
  let logRead = 0
  return {
    post: (given) => post(acme.url, given, dsn),
    checks: [
      async (answers) => {
        const broken = answers.find(({ status }) => status >= 500)
        return broken ? `${broken.status} ${broken.text}` : null
      },
      async () => {
        const added = await deadLetters()
        return added > 0 ? `${added} dead letters` : null
      },
      () => faultOfPages({ acme, sql, watched }, projectId),
      // A task, a mail for instance, fails without a trace in any answer.
      async () => {
        const lines = logs().slice(logRead)
        logRead += lines.length
        return lines.split("\n").find((line) => / (ERROR|FATAL) |task failed/.test(line)) ?? null
      },
    ],
    countStored: () =>
      countOf(sql`select count(*)::int from events where project_id = ${projectId}`),
  }
}

async function post(url: string, given: Case, dsn: string): Promise<Answered> {
  const { method, path, headers, body } = requestOf(given, dsn)
  const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS)
  try {
    const response = await fetch(`${url}${path}`, { method, headers, body, signal })
    return { given, status: response.status, text: await response.text() }
  } catch (error) {
    return { given, status: NO_ANSWER, text: String(error) }
  }
}

/** How many more there are than the last time. */
function newOnes(count: () => Promise<number>): () => Promise<number> {
  let before = 0
  return async () => {
    const now = await count()
    const added = now - before
    before = now
    return added
  }
}

async function countOf(query: PromiseLike<readonly object[]>): Promise<number> {
  const [row] = (await query) as { count: number }[]
  return row?.count ?? 0
}

/** A plain event goes the whole way: what came before it is done, and the worker is not stuck. */
async function untilStored(sql: Sql, url: string, dsn: string): Promise<void> {
  const { username, pathname } = new URL(dsn)
  const address = `${url}/api${pathname}/store/?sentry_version=7&sentry_key=${username}`
  const response = await fetch(address, { method: "POST", body: '{"message":"still here"}' })
  const { id } = (await response.json()) as { id: string }
  const isStored = async () => (await sql`select 1 from events where event_id = ${id}`).length === 1
  await until("the worker to come to a plain event", isStored, STORED_WITHIN_MS)
}

/** The latest events' pages, and the last one's in the Web API, which counts its callers' requests. */
async function faultOfPages(
  { acme, sql, watched }: Pick<Place, "acme" | "sql" | "watched">,
  projectId: string,
): Promise<string | null> {
  const latest = await sql<{ eventId: string; issueId: string }[]>`
    select replace(event_id::text, '-', '') as event_id, issue_id from events
    where project_id = ${projectId} order by received_at desc limit ${LOOKED_AT}`
  for (const [index, { eventId, issueId }] of latest.entries()) {
    const event = `/organizations/acme/issues/${issueId}/events/${eventId}/`
    for (const path of [event, `${event}json/`, `${event}md/`]) {
      const response = await watched.page.context().request.get(`${acme.url}${path}`)
      if (response.status() !== 200) return `${path}: ${response.status()}`
    }
    if (index === 0) await acme.get(`/issues/${issueId}/events/${eventId}/`)
  }
  return null
}
