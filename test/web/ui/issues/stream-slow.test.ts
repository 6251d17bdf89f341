import { beforeAll, expect, test } from "bun:test"
import type { App } from "#app.ts"
import { loadStream } from "#web/ui/issues/stream/data.ts"
import { DEFAULT_QUERY, type StreamRequest } from "#web/ui/issues/stream/request.ts"
import { testApp } from "../../../support/app.ts"
import { givenShop } from "../../../support/issues.ts"
import { givenDays } from "../../../support/occurrences.ts"
import { givenIssue, NOW } from "../../../support/stream.ts"

const app: App = await testApp()
let read: (change: Partial<StreamRequest>) => ReturnType<typeof loadStream>
let issueId = ""

beforeAll(async () => {
  const shop = await givenShop(app)
  await givenDays(app.sql, ["2026-11-20", "2026-11-23", "2026-11-24"])
  issueId = await givenIssue(app.sql, shop)
  const membership = { ...shop, name: "Shop", role: "owner", memberId: "1" } as const
  const shell = { now: NOW, zone: "UTC", viewer: { user: { id: "1" } } } as Parameters<
    typeof loadStream
  >[0]["shell"]
  const plain = { query: DEFAULT_QUERY, sort: "date", period: "14d", limit: 25 } as const
  const scope = { projects: [], environments: [], cursor: undefined }
  read = (change) =>
    loadStream({ app, membership, shell, patience: 200 }, { ...plain, ...scope, ...change })
})

/** Whoever reads the table waits, which costs time as any reading does. */
async function whileLocked<T>(table: string, run: () => Promise<T>): Promise<T> {
  return app.sql.begin(async (tx) => {
    await tx.unsafe(`lock table ${table} in access exclusive mode`)
    return run()
  }) as Promise<T>
}

test("a range that takes too long is cut to the last day", async () => {
  const data = await whileLocked("issue_hours_20261120", () => read({ sort: "freq" }))
  expect(data.slow).toBe("narrowed")
  expect(data.answer.ok && data.answer.page.issues.map(({ id }) => id)).toEqual([issueId])
})

test("when the last day takes too long as well, nothing is shown and it says so", async () => {
  const data = await whileLocked("issues", () => read({ period: "24h" }))
  expect(data.slow).toBe("gave_up")
  expect(data.answer).toMatchObject({ ok: true, page: { issues: [] } })
})

test("the limit is the stream's own and leaves the pool's connections as they were", async () => {
  await read({})
  const timeouts = await Promise.all(
    Array.from({ length: 10 }, () => app.sql`select current_setting('statement_timeout') as at`),
  )
  expect(new Set(timeouts.map(([row]) => row?.at))).toEqual(new Set(["0"]))
})
