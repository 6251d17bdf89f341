import fc from "fast-check"
import type { Sql } from "#platform/db.ts"
import type { Acme } from "../acme.ts"
import { memoryOf } from "../memory.ts"
import { until } from "../services.ts"
import type { WatchedPage } from "../watched-page.ts"
import { type Case, cases, requestOf } from "./cases.ts"

const CASES_A_ROUND = 500
/** Requests under way at once: enough to keep web and worker busy, few enough for one to be the one that hangs. */
const CONCURRENCY = 24
const ANSWERED_WITHIN_MS = 10_000
const STORED_WITHIN_MS = 20_000
/** Events whose pages are opened after each round. */
const LOOKED_AT = 5

export type Place = {
  acme: Acme
  sql: Sql
  watched: WatchedPage
  /** Web and worker. */
  pids(): Promise<number[]>
}

export type FuzzResult = {
  cases: number
  /** How many answers of each status. */
  statuses: Record<number, number>
  stored: number
  /** Resident bytes of web and worker together: after the first tenth, and at the end, both at rest. */
  memory: { early: number; late: number }
}

/** Throws the smallest case it finds for anything that is no clear answer, no stored event, or a page with an error. */
export async function fuzz(
  place: Place,
  options: { cases: number; seed: number; onRound?: (done: number) => void },
): Promise<FuzzResult> {
  const target = await targetIn(place)
  const pids = await place.pids()
  const statuses: Record<number, number> = {}
  const rounds = Math.ceil(options.cases / CASES_A_ROUND)
  let early = 0
  for (let round = 0; round < rounds; round++) {
    const seed = options.seed + round
    const given = fc.sample(cases, { numRuns: CASES_A_ROUND, seed })
    const answers = await inParallel(given, target.post)
    for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1
    const fault = faultOf(answers) ?? (await target.faultAfter())
    if (fault) throw await smallest(fault, seed, target)
    if (round === Math.floor(rounds / 10)) early = await restingMemory(pids)
    options.onRound?.((round + 1) * CASES_A_ROUND)
  }
  if (String(await place.pids()) !== String(pids)) throw new Error("a process was replaced")
  const memory = { early, late: await restingMemory(pids) }
  return { cases: rounds * CASES_A_ROUND, statuses, stored: await target.stored(), memory }
}

type Answered = { given: Case; status: number; text: string }

type Target = Awaited<ReturnType<typeof targetIn>>

/** A project to post to, and one whose events tell that the worker is alive. */
async function targetIn({ acme, sql, watched }: Place) {
  const [dsn, sentinel] = [await acme.project("fuzz"), await acme.project("sentinel")]
  const projectId = new URL(dsn).pathname.slice(1)
  const post = async (given: Case): Promise<Answered> => {
    const { method, path, headers, body } = requestOf(given, dsn)
    const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS)
    const response = await fetch(`${acme.url}${path}`, { method, headers, body, signal })
    return { given, status: response.status, text: await response.text() }
  }
  return {
    post,
    stored: async () => {
      const [row] = await sql<{ count: number }[]>`
        select count(*)::int from events where project_id = ${projectId}`
      return row?.count ?? 0
    },
    /** What is wrong behind the door once everything before has been worked on; null when nothing is. */
    async faultAfter(): Promise<string | null> {
      await untilStored(sql, acme.url, sentinel)
      const [row] = await sql<{ dead: number }[]>`select count(*)::int as dead from dead_letters`
      if (row?.dead) return `${row.dead} dead letters`
      return faultOfPages({ acme, sql, watched }, projectId)
    },
  }
}

/** A plain event goes the whole way: what came before it is done, and the worker is not stuck. */
async function untilStored(sql: Sql, url: string, dsn: string): Promise<void> {
  const { username, pathname } = new URL(dsn)
  const response = await fetch(
    `${url}/api${pathname}/store/?sentry_version=7&sentry_key=${username}`,
    {
      method: "POST",
      body: '{"message":"still here"}',
    },
  )
  const { id } = (await response.json()) as { id: string }
  const isStored = async () => (await sql`select 1 from events where event_id = ${id}`).length === 1
  await until("the worker to come to a plain event", isStored, STORED_WITHIN_MS)
}

async function faultOfPages(
  { acme, sql, watched }: Pick<Place, "acme" | "sql" | "watched">,
  projectId: string,
): Promise<string | null> {
  const latest = await sql<{ eventId: string; issueId: string }[]>`
    select replace(event_id::text, '-', '') as event_id, issue_id from events
    where project_id = ${projectId} order by received_at desc limit ${LOOKED_AT}`
  for (const { eventId, issueId } of latest) {
    const event = `/organizations/acme/issues/${issueId}/events/${eventId}/`
    for (const path of [event, `${event}json/`, `${event}md/`]) {
      const response = await watched.page.context().request.get(`${acme.url}${path}`)
      if (response.status() !== 200) return `${path}: ${response.status()}`
    }
    await acme.get(`/issues/${issueId}/events/${eventId}/`)
  }
  return null
}

function faultOf(answers: readonly Answered[]): string | null {
  const broken = answers.find(({ status }) => status >= 500)
  return broken ? `${broken.status} ${broken.text} to ${JSON.stringify(broken.given)}` : null
}

/** The same round once more, one case after the other, so that fast-check can make the guilty one smaller. */
async function smallest(fault: string, seed: number, target: Target): Promise<Error> {
  const property = fc.asyncProperty(cases, async (given) => {
    const alone = faultOf([await target.post(given)]) ?? (await target.faultAfter())
    if (alone) throw new Error(alone)
  })
  const found = await fc.check(property, { seed, numRuns: CASES_A_ROUND })
  const shown = found.failed ? fc.defaultReportMessage(found) : "not found again one by one"
  return new Error(`seed ${seed}: ${fault}\n${shown}`)
}

async function inParallel(given: readonly Case[], post: Target["post"]): Promise<Answered[]> {
  const waiting = given.values()
  const answers: Answered[] = []
  const work = async () => {
    for (const each of waiting) answers.push(await post(each))
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
  return answers
}

/** Of all of them together, once it has stopped falling: processes that rest give memory back. */
async function restingMemory(pids: readonly number[]): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  let unchanged = 0
  while (unchanged < 3) {
    const all = await Promise.all(pids.map(async (pid) => (await memoryOf(pid)).now))
    const sum = all.reduce((total, each) => total + each, 0)
    unchanged = sum < least * 0.98 ? 0 : unchanged + 1
    least = Math.min(least, sum)
    await Bun.sleep(500)
  }
  return least
}
