import { expect, test } from "bun:test"
import { createStrangerBook, type Stranger, type StrangerCount } from "#stats/stranger-book.ts"
import { deleteOldStrangers, listStrangers, recordStrangers } from "#stats/stranger-store.ts"
import { testDatabase } from "../support/database.ts"
import { DISABLED, givenProjects, K2 } from "../support/door.ts"

const noon = new Date("2026-11-24T12:00:00Z")
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1000)
const stranger = (given: Partial<Stranger> = {}): Stranger => ({
  publicKey: "e".repeat(32),
  project: "7",
  reason: "unknown_key",
  client: "sentry.python/2.0",
  origin: "",
  address: "192.0.2.1",
  ...given,
})
const requestsOf = (told: readonly StrangerCount[]) =>
  told.reduce((sum, { requests }) => sum + requests, 0)

test("10,000 invented keys become a handful of rows that add up, the most frequent by name", async () => {
  const book = createStrangerBook()
  for (let n = 0; n < 10_000; n++) book.note(stranger({ publicKey: `invented ${n}` }), noon)
  for (let n = 0; n < 10; n++) book.note(stranger({ publicKey: "invented 3" }), later(n))
  const told: StrangerCount[] = []
  await book.flush(async (all) => void told.push(...all))
  expect(told.length).toBeLessThanOrEqual(51)
  expect(requestsOf(told)).toBe(10_010)
  const [others] = told.filter(({ reason }) => reason === "others")
  expect(others?.publicKey).toBe("")
  expect(told.find(({ publicKey }) => publicKey === "invented 3")?.requests).toBe(11)
  await book.flush(async () => expect.unreachable("there is nothing left"))
})

test("what could not be written is kept", async () => {
  const book = createStrangerBook()
  book.note(stranger(), noon)
  await expect(book.flush(() => Promise.reject(new Error("away")))).rejects.toThrow("strangers")
  book.note(stranger(), later(1))
  await book.flush(async (told) => expect(requestsOf(told)).toBe(2))
})

test("rows add up, say whether the key exists, and stay few; hostile text is stored as far as it can be", async () => {
  const { sql } = await testDatabase()
  await givenProjects(sql)
  const seen = (given: Partial<Stranger>, requests: number, lastSeen = noon): StrangerCount => ({
    ...stranger(given),
    requests,
    firstSeen: noon,
    lastSeen,
  })
  await recordStrangers(sql, [seen({ publicKey: DISABLED, project: "1" }, 2), seen({}, 1)])
  await recordStrangers(sql, [
    seen({ publicKey: K2, project: "1" }, 4, later(60)),
    seen({}, 5, later(30)),
  ])
  expect(await listStrangers(sql, 10)).toMatchObject([
    {
      publicKey: K2,
      requests: 4,
      keyProject: "frontend",
      keyOrganization: "acme",
      isKeyActive: true,
    },
    { requests: 6, keyProject: null, lastSeen: later(30), firstSeen: noon },
    { publicKey: DISABLED, requests: 2, keyProject: "backend", isKeyActive: false },
  ])
  const book = createStrangerBook()
  book.note(stranger({ publicKey: `a\0${"\ud800"}`, client: "x".repeat(5000) }), later(90))
  await book.flush((told) => recordStrangers(sql, told))
  expect((await listStrangers(sql, 1))[0]?.client).toHaveLength(64)

  await deleteOldStrangers(sql, { limit: 2, since: new Date(0) })
  expect((await listStrangers(sql, 10)).map(({ requests }) => requests)).toEqual([1, 4])
  await deleteOldStrangers(sql, { limit: 2, since: later(75) })
  expect(await listStrangers(sql, 10)).toHaveLength(1)
})
