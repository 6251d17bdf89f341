import { expect, test } from "bun:test"
import { followsSemver } from "#releases/order.ts"
import { versionOrder } from "#releases/version.ts"
import commitsDeploys from "#sql/0017_commits_deploys.sql" with { type: "text" }
import { testDatabase } from "../support/database.ts"
import { givenProject } from "../support/occurrences.ts"

/** Each comes before the next. */
const ASCENDING = [
  "a@0.9",
  "a@1.0a1",
  "a@1-beta",
  "a@1.0",
  "a@1.0.0.1",
  "a@1.2.3-rc",
  "a@1.2.3-rc.1",
  "a@1.2.3-rc.10",
  "a@1.2.3-rc.9",
  "a@1.2.3",
  "a@1.2.3+9",
  "a@1.2.3+010",
  "a@1.2.3+123456789012345",
  "a@1.2.3+1234567890123456",
  "a@1.2.3+b",
  "a@1.9.0",
  "a@1.10.0",
  "a@999999999999999.0",
]

test("versions sort by number, prereleases first and by their text, builds last", () => {
  const orders = ASCENDING.map((name) => versionOrder(name) ?? "")
  expect(orders.toSorted()).toEqual(orders)
  expect(new Set(orders).size).toBe(orders.length)
})

test("the package, absent parts and leading zeros do not count", () => {
  expect(versionOrder("a@1.2")).toBe(versionOrder("@b@01.02.0.0"))
})

const OPAQUE = ["1.2.3", "v1.2.3", "a@v1.2.3", "a@1.2.3.4.5", "a@1a1", "a@", "a@one"]

test.each([...OPAQUE, "a@123456789012"])("%s has no order", (name) => {
  expect(versionOrder(name)).toBeNull()
})

test("PostgreSQL sorts the same way, and gives releases of before the same order", async () => {
  const { sql } = await testDatabase()
  const { organizationId } = await givenProject(sql)
  const names = [...ASCENDING, ...OPAQUE, "a@123456789012"]
  await sql`insert into releases ${sql(names.map((version) => ({ organizationId, version })))}`
  const backfill = commitsDeploys.split(";").find((part) => part.includes("update releases r"))
  await sql.unsafe(backfill ?? "")
  const rows = await sql<{ version: string; versionOrder: string | null }[]>`
    select version, version_order from releases where organization_id = ${organizationId}
    order by version_order nulls last, id`
  expect(rows.map(({ version }) => version)).toEqual(names)
  expect(rows.map((row) => row.versionOrder)).toEqual(names.map(versionOrder))
})

const counted = (given: string) => followsSemver([...given].map((letter) => letter === "v"))

test.each([
  ["", false],
  ["v", true],
  ["xv", false],
  ["vx", true],
  ["xvx", true],
  ["xxxvvv", false],
  ["xxvxxxxxx", true],
  ["xxvxxxxxxv", false],
  ["xxvxxxxxvv", true],
])("the newest releases %p follow versions: %p", (given, expected) => {
  expect(counted(given)).toBe(expected)
})
