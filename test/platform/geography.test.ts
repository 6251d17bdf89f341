import { expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import pino from "pino"
import { openGeography } from "#platform/geography.ts"
import { mmdbOf } from "../support/mmdb.ts"

const named = (en: string) => ({ names: { en, de: `${en} auf Deutsch` } })
const OSLO = {
  city: named("Oslo"),
  country: { iso_code: "NO", ...named("Norway") },
  subdivisions: [named("Østlandet"), named("Oslo County")],
}

/** The database in a file of its own, and what the log said. */
function opened(bytes: Uint8Array | null) {
  const lines: string[] = []
  const log = pino({ level: "info" }, { write: (line: string) => void lines.push(line) })
  const folder = mkdtempSync(join(tmpdir(), "sentry-lite-geography-"))
  try {
    const path = join(folder, "city.mmdb")
    if (bytes) writeFileSync(path, bytes)
    return { locate: openGeography(path, log), lines }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test("an address is in its network's place", () => {
  const { locate, lines } = opened(
    mmdbOf({ "192.0.2.0/24": OSLO, "198.51.100.0/25": { country: { iso_code: "NZ" } } }),
  )
  const oslo = { country_code: "NO", region: "Norway", subdivision: "Oslo County", city: "Oslo" }
  expect(locate?.("192.0.2.7")).toEqual(oslo)
  expect(locate?.("192.0.2.7")).toEqual(oslo)
  expect(locate?.("198.51.100.1")).toEqual({ country_code: "NZ" })
  expect(locate?.("198.51.100.200")).toBeUndefined()
  expect(locate?.("10.0.0.1")).toBeUndefined()
  expect(lines.join()).toContain("addresses are located")
})

test("an address that the database has no room for is nowhere", () => {
  const { locate } = opened(mmdbOf({ "192.0.2.0/24": OSLO }))
  expect(locate?.("2001:db8::1")).toBeUndefined()
})

test("a database of something else locates nothing", () => {
  const network = { autonomous_system_number: 64_500, country: "NO", city: [], subdivisions: "x" }
  const { locate } = opened(mmdbOf({ "192.0.2.0/24": network }, "Test-ASN"))
  expect(locate?.("192.0.2.7")).toBeUndefined()
})

test("without a path nothing is said", () => {
  const log = pino({ level: "info" }, { write: () => expect.unreachable() })
  expect(openGeography("", log)).toBeNull()
})

test.each([
  ["missing", null],
  ["empty", new Uint8Array()],
  ["no database", Buffer.from("<html>not found</html>")],
  ["a folder's worth of zeros", new Uint8Array(5000)],
])("a file that is %s is a line in the log, and no geography", (_name, bytes) => {
  const { locate, lines } = opened(bytes)
  expect(locate).toBeNull()
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain("geoip.path-mmdb cannot be read")
  expect(lines[0]).toContain("city.mmdb")
})

test("a damaged database never throws, and is told of once", () => {
  const whole = mmdbOf({ "192.0.2.0/24": OSLO, "198.51.100.0/24": OSLO })
  const end = Buffer.from(whole).indexOf("MaxMind.com")
  const { locate, lines } = opened(whole.fill(0xff, end - 200, end - 10))
  for (let last = 0; last < 255; last++) {
    locate?.(`192.0.2.${last}`)
    locate?.(`198.51.100.${last}`)
  }
  expect(lines.filter((line) => line.includes("is damaged"))).toHaveLength(1)
})
