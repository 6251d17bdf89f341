import type { Sql } from "#platform/db.ts"
import type { Acme } from "./acme.ts"
import type { FixtureRequest } from "./fixtures.ts"
import { foreignMarkup, type WatchedPage } from "./watched-page.ts"

/** How long the worker may take for everything that was posted. */
const STORED_WITHIN_MS = 60_000

export type Post = {
  name: string
  /** What it is posted to, in a word. */
  endpoint: string
  dsn: string
  request: FixtureRequest
  /** False: it holds nothing that becomes an event. */
  hasEvent: boolean
}

export type Verdict = {
  name: string
  endpoint: string
  status: number
  eventId: string | null
  title: string
  /** What is wrong, in words; empty when nothing is. */
  faults: string[]
}

export type Place = { acme: Acme; sql: Sql; watched: WatchedPage }

/** Posts everything, waits until the events of it are stored, and looks at every page that shows them. */
export async function postAndLook(place: Place, posts: readonly Post[]): Promise<Verdict[]> {
  const sent = await Promise.all(posts.map((post) => send(place.acme.url, post)))
  const stored = await storedOf(place.sql, sent)
  const verdicts: Verdict[] = []
  for (const { post, status, text, eventId } of sent) {
    const faults = status === 200 ? [] : [`${status} ${text.slice(0, 200)}`]
    const found = eventId === null ? undefined : stored.get(keyOf(post.dsn, eventId))
    if (post.hasEvent && faults.length === 0) {
      faults.push(
        ...(found && eventId ? await look(place, found.issueId, eventId) : ["not stored"]),
      )
    }
    const { name, endpoint } = post
    verdicts.push({ name, endpoint, status, eventId, title: found?.title ?? "", faults })
  }
  return verdicts
}

type Sent = { post: Post; status: number; text: string; eventId: string | null }

async function send(url: string, post: Post): Promise<Sent> {
  const { method, path, headers, body } = post.request
  const response = await fetch(`${url}${path}`, { method, headers, body })
  const text = await response.text()
  const isJson = response.headers.get("content-type")?.startsWith("application/json")
  const eventId = isJson ? (JSON.parse(text).id ?? null) : null
  return { post, status: response.status, text, eventId: eventId ?? idInQuery(path) }
}

/** An image cannot tell the id. */
function idInQuery(path: string): string | null {
  const data = new URLSearchParams(path.split("?")[1] ?? "").get("sentry_data")
  return data && JSON.parse(data).event_id
}

type Stored = { projectId: string; eventId: string; issueId: string; title: string }

const keyOf = (dsn: string, eventId: string) => `${new URL(dsn).pathname.slice(1)}/${eventId}`

/** Those events that are stored, by project and id; waits for all of them, though not for ever. */
async function storedOf(sql: Sql, sent: readonly Sent[]): Promise<Map<string, Stored>> {
  const ids = sent.flatMap(({ post, eventId }) => (post.hasEvent && eventId ? [eventId] : []))
  const expected = sent.filter(({ post, status }) => post.hasEvent && status === 200).length
  const deadline = Date.now() + STORED_WITHIN_MS
  for (;;) {
    const rows = await sql<Stored[]>`
      select project_id, replace(event_id::text, '-', '') as event_id, issue_id, title
      from events where event_id = any(${ids}::uuid[])`
    if (rows.length >= expected || Date.now() > deadline) {
      return new Map(rows.map((row) => [`${row.projectId}/${row.eventId}`, row]))
    }
    await Bun.sleep(50)
  }
}

/** What is wrong with the pages of a stored event, and with what the Web API says of it. */
async function look(
  { acme, watched: { page, complaints } }: Place,
  issueId: string,
  eventId: string,
): Promise<string[]> {
  const faults: string[] = []
  const issue = `/organizations/acme/issues/${issueId}/`
  for (const path of [issue, `${issue}events/${eventId}/`]) {
    const response = await page.goto(`${acme.url}${path}`)
    if (response?.status() !== 200) faults.push(`${path}: ${response?.status()}`)
    const foreign = [...(await foreignMarkup(page)), ...complaints.splice(0)]
    faults.push(...foreign.map((each) => `${path}: ${each}`))
  }
  for (const rest of ["json/", "md/"]) {
    const path = `${issue}events/${eventId}/${rest}`
    const response = await page.context().request.get(`${acme.url}${path}`)
    if (response.status() !== 200) faults.push(`${path}: ${response.status()}`)
    else if (rest === "json/" && (await response.json()).event_id !== eventId) {
      faults.push(`${path}: another event`)
    }
  }
  const told = acme.get<{ eventID: string }>(`/issues/${issueId}/events/${eventId}/`)
  const { eventID } = await told.catch((error: Error) => ({ eventID: error.message }))
  return eventID === eventId ? faults : [...faults, `Web API: ${eventID}`]
}
