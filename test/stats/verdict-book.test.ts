import { expect, test } from "bun:test"
import { createVerdictBook, type ItemVerdict } from "#stats/verdict-book.ts"

const noon = Date.parse("2026-11-24T12:00:00Z")
const at = (seconds: number) => new Date(noon + seconds * 1000)

/** Notes as many verdicts of one kind, and returns how many were asked for. */
function noteMany(
  book: ReturnType<typeof createVerdictBook>,
  count: number,
  { projectId = "1", outcome = "invalid", reason = "invalid_json", now = at(0) } = {},
) {
  let described = 0
  for (let n = 0; n < count; n++) {
    book.note({ projectId, outcome, reason }, now, () => {
      described++
      return {
        keyId: "1",
        receivedAt: noon,
        eventId: null,
        category: "error",
        cause: "",
        client: "",
      }
    })
  }
  return described
}

async function flushed(book: ReturnType<typeof createVerdictBook>): Promise<ItemVerdict[]> {
  const all: ItemVerdict[] = []
  await book.flush(async (verdicts) => void all.push(...verdicts))
  return all
}

test("an incident is kept whole, of a flood one a second, and nothing is worked out for the rest", async () => {
  const book = createVerdictBook()
  expect(noteMany(book, 40)).toBe(40)
  expect(noteMany(book, 100_000)).toBe(10)
  expect(noteMany(book, 1000, { now: at(3) })).toBe(3)
  expect(await flushed(book)).toHaveLength(53)
})

test("a flood of one project or reason leaves the others theirs", async () => {
  const book = createVerdictBook()
  noteMany(book, 10_000)
  expect(noteMany(book, 5, { projectId: "2" })).toBe(5)
  expect(noteMany(book, 5, { reason: "too_large" })).toBe(5)
  expect(noteMany(book, 500, { outcome: "unsupported", reason: "transaction" })).toBe(10)
})

test("however many projects are flooded, memory and one flush are bounded", async () => {
  const book = createVerdictBook()
  for (let project = 0; project < 500; project++) noteMany(book, 60, { projectId: `${project}` })
  expect(await flushed(book)).toHaveLength(1000)
})

test("what could not be written is written the next time, once", async () => {
  const book = createVerdictBook()
  noteMany(book, 2)
  const failing = book.flush(async () => {
    noteMany(book, 1)
    throw new Error("away")
  })
  await expect(failing).rejects.toThrow("flush verdicts")
  expect(await flushed(book)).toHaveLength(3)
  expect(await flushed(book)).toHaveLength(0)
})
