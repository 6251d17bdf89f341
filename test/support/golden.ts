import { expect } from "bun:test"
import { join } from "node:path"

const FOLDER = join(import.meta.dir, "../fixtures/api")
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/
const HEX = /[0-9a-f]{32}/g
const ISSUE_PATH = /\/issues\/\d+\//g
const ID_KEYS = new Set(["id", "groupID", "projectID"])

/**
 * Compares an answer with its file in test/fixtures/api; what differs from run to run (ids, times) is only compared by its form.
 * `UPDATE_FIXTURES=1 bun test` writes the files anew: read the difference before committing it.
 */
export async function expectGolden(name: string, answer: unknown): Promise<void> {
  const file = Bun.file(join(FOLDER, `${name}.json`))
  const text = `${JSON.stringify(timeless(answer), null, 2)}\n`
  if (process.env.UPDATE_FIXTURES) await Bun.write(file, text)
  expect(text).toBe(await file.text())
}

function timeless(value: unknown, key = ""): unknown {
  if (typeof value === "string") return timelessText(value, key)
  if (typeof value === "number") return key === "size" ? "<size>" : value
  if (Array.isArray(value))
    return isSeries(value) ? seriesOf(value) : value.map((each) => timeless(each))
  if (value === null || typeof value !== "object") return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, timeless(each, name)]),
  )
}

function timelessText(text: string, key: string): string {
  if (MOMENT.test(text)) return "<time>"
  if (ID_KEYS.has(key) && /^\d+$/.test(text)) return "<id>"
  return text.replace(HEX, "<hex>").replace(ISSUE_PATH, "/issues/<id>/")
}

function isSeries(value: unknown[]): value is [number, number][] {
  return (
    value.length > 1 &&
    value.every((each) => Array.isArray(each) && typeof each[0] === "number" && each[0] > 1e9)
  )
}

const seriesOf = (points: [number, number][]) => ({
  points: points.length,
  sum: points.reduce((sum, [, count]) => sum + count, 0),
})
