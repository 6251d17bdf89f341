import { beforeEach } from "bun:test"
import { decodePayload } from "#events/payload-codec.ts"
import { createLine } from "#pipeline/line.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { recordOutcomes, sumOutcomes } from "#stats/outcome-store.ts"
import { testApp } from "./app.ts"
import { AUTH, givenDoor, givenProjects } from "./door.ts"
import { batchOf, recordOf } from "./line.ts"
import { givenDays } from "./occurrences.ts"

type Asked = {
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}
type Answered = { status: number; headers: Headers; json: unknown; text: string }

/** Door and worker, as clients meet them: what is answered, and what is stored of it afterwards. */
export async function givenContract() {
  const app = await testApp()
  await givenDays(app.sql, [new Date().toISOString().slice(0, 10)])
  await givenProjects(app.sql)
  const door = await givenDoor(app.sql, { blobs: app.blobs })
  const line = createLine(app)
  beforeEach(async () => {
    // What refusals of the test before left in memory.
    await door.door.counts.flush(async () => {})
    await app.sql`delete from events`
    await app.sql`delete from attachments`
    await app.sql`delete from outcome_hours`
    await app.sql`delete from feedback`
  })

  async function work() {
    const records = door.messages.splice(0).map((message) => recordOf(message))
    if (records.length > 0) await processBatch(line, batchOf(records), new AbortController().signal)
  }

  return {
    sql: app.sql,
    /** POSTs with the key of project 1 unless told otherwise; resolves once the worker is done with it. */
    async ask(path: string, asked: Asked = {}): Promise<Answered> {
      const { headers = AUTH, body, method } = asked
      const init = {
        method: method ?? "POST",
        headers,
        ...(body !== undefined && { body: body as string }),
      }
      const answer = await door.send(path, init)
      await work()
      return answer.status === 404 ? door.ask(path, init) : answer
    },
    /** Of project 1 and in the order they came: events as they were stored. */
    async events(): Promise<Record<string, unknown>[]> {
      const rows = await app.sql`select payload from events order by received_at, event_id`
      return rows.map(({ payload }) => decodePayload(payload) as Record<string, unknown>)
    },
    async attachments(): Promise<{ eventId: string; name: string; text: string }[]> {
      const rows = await app.sql`
        select replace(event_id::text, '-', '') as event_id, name, blob_key from attachments order by id`
      return Promise.all(
        rows.map(async ({ eventId, name, blobKey }) => ({
          eventId,
          name,
          text: Buffer.from((await app.blobs.get(blobKey)) ?? []).toString("latin1"),
        })),
      )
    },
    /** `error accepted 1` */
    async outcomes(): Promise<string[]> {
      await door.door.counts.flush((counts) => recordOutcomes(app.sql, counts))
      const to = new Date(Date.now() + 3_600_000)
      const rows = await sumOutcomes(app.sql, { projectId: "1", from: new Date(0), to })
      return rows.map((row) =>
        [row.category, row.outcome, row.reason, row.quantity].filter(Boolean).join(" "),
      )
    },
  }
}
