import { expect, test } from "bun:test"
import { trimVerdicts } from "#maintenance/trim-verdicts.ts"
import type { ItemVerdict } from "#stats/verdict-book.ts"
import { deleteOldVerdicts, insertVerdicts, listVerdicts } from "#stats/verdict-store.ts"
import { testDatabase } from "../support/database.ts"
import { givenProjects } from "../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)
const noon = Date.parse("2026-11-24T12:00:00Z")
const page = { limit: 100, offset: 0 }

const verdict = (given: Partial<ItemVerdict> = {}): ItemVerdict => ({
  projectId: "1",
  keyId: "1",
  receivedAt: noon,
  eventId: "a".repeat(32),
  category: "error",
  outcome: "invalid",
  reason: "invalid_json",
  cause: "",
  client: "test/1",
  ...given,
})

test("verdicts are found by event, key, time and project; what is nobody's is left out", async () => {
  await insertVerdicts(sql, [
    verdict(),
    verdict({ receivedAt: noon + 1000, keyId: "2", eventId: null }),
    verdict({ projectId: "2", receivedAt: noon + 2000 }),
    verdict({ projectId: "99" }),
  ])
  const found = async (filter: object) =>
    (await listVerdicts(sql, { projectIds: ["1", "2", "99"], ...filter }, page)).length
  expect(await found({})).toBe(3)
  expect(await found({ eventId: "a".repeat(32) })).toBe(2)
  expect(await found({ projectIds: ["1"], eventId: "a".repeat(32) })).toBe(1)
  expect(await found({ keyId: "2" })).toBe(1)
  expect(await found({ until: new Date(noon + 1500) })).toBe(2)
  const [newest] = await listVerdicts(sql, { projectIds: ["1", "2"] }, page)
  expect(newest).toMatchObject({ projectId: "2", eventId: "a".repeat(32), client: "test/1" })
})

test("hostile text is cut to what can be stored", async () => {
  await insertVerdicts(sql, [
    verdict({ cause: `\0${"\ud800"}${"x".repeat(9999)}`, eventId: "b".repeat(32) }),
  ])
  const [stored] = await listVerdicts(sql, { projectIds: ["1"], eventId: "b".repeat(32) }, page)
  expect(stored?.cause.length).toBe(299)
})

test("the newest of each project stay, and none for longer than a month", async () => {
  await sql`delete from verdicts`
  const many = Array.from({ length: 30 }, (_, n) => verdict({ receivedAt: noon + n }))
  await insertVerdicts(sql, [...many, verdict({ projectId: "2" })])
  await deleteOldVerdicts(sql, { perProject: 10, since: new Date(0) })
  const left = await listVerdicts(sql, { projectIds: ["1"] }, page)
  expect(left.map(({ receivedAt }) => receivedAt.getTime() - noon)).toEqual(
    Array.from({ length: 10 }, (_, n) => 29 - n),
  )
  expect(await listVerdicts(sql, { projectIds: ["2"] }, page)).toHaveLength(1)
  await trimVerdicts({ sql, clock: { now: () => new Date(noon + 31 * 86_400_000) } })
  expect(await listVerdicts(sql, { projectIds: ["1", "2"] }, page)).toHaveLength(0)
})
