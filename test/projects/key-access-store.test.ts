import { expect, test } from "bun:test"
import { listKeyAccess, updateKeysLastUsed } from "#projects/key-access-store.ts"
import { testDatabase } from "../support/database.ts"
import { DISABLED, givenProjects, K1, K2 } from "../support/door.ts"

const { sql } = await testDatabase()
await givenProjects(sql)

const withSettings = async (settings: string) => {
  await sql.unsafe(`update projects set settings = '${settings}' where id = 1`)
  const [key] = await listKeyAccess(sql, [K1])
  return key?.allowedDomains
}

test("a usable key with its project, organization and limits; the others are not there", async () => {
  await sql`update project_keys set rate_limit_count = 5, rate_limit_window_seconds = 60 where public_key = ${K2}`
  expect([...(await listKeyAccess(sql, [K1, K2, DISABLED, "9".repeat(32)]))]).toEqual([
    {
      publicKey: K1,
      keyId: "1",
      projectId: "1",
      organizationId: "1",
      allowedDomains: ["*"],
      rateLimitCount: null,
      rateLimitWindowSeconds: null,
      keyLimits: {},
      projectLimits: {},
      organizationLimits: {},
    },
    expect.objectContaining({ publicKey: K2, rateLimitCount: 5, rateLimitWindowSeconds: 60 }),
  ])
})

test("allowed domains: all when nothing is said, none when the list is empty", async () => {
  expect(await withSettings('{"allowedDomains": ["a.com", "*.b.com"]}')).toEqual([
    "a.com",
    "*.b.com",
  ])
  expect(await withSettings('{"allowedDomains": []}')).toEqual([])
  expect(await withSettings('{"allowedDomains": "a.com"}')).toEqual(["*"])
  expect(await withSettings("{}")).toEqual(["*"])
})

test("what is being deleted takes nothing any more", async () => {
  await sql`update projects set status = 'deleting' where id = 1`
  expect(await listKeyAccess(sql, [K1])).toHaveLength(0)
  await sql`update projects set status = 'active' where id = 1`
  await sql`update organizations set status = 'deleting' where id = 1`
  expect(await listKeyAccess(sql, [K1])).toHaveLength(0)
})

test("last use moves forward, never back", async () => {
  const lastUsed = async () => {
    const [key] = await sql`select last_used_at from project_keys where public_key = ${K1}`
    return key?.lastUsedAt
  }
  const noon = new Date("2026-11-24T12:00:00Z")
  const earlier = new Date("2026-11-24T11:00:00Z")
  await updateKeysLastUsed(sql, [{ projectId: "1", keyId: "1", usedAt: noon }])
  await updateKeysLastUsed(sql, [{ projectId: "1", keyId: "1", usedAt: earlier }])
  expect(await lastUsed()).toEqual(noon)
  await updateKeysLastUsed(sql, [])
})

test("limits by category are those of key, project and organization; nonsense limits nothing", async () => {
  const { sql } = await testDatabase()
  await givenProjects(sql)
  const limit = { count: 5, windowSeconds: 60 }
  await sql`update organizations set settings = ${sql.json({ rateLimits: { session: limit } })}`
  await sql`update projects set settings = ${sql.json({
    rateLimits: {
      attachment: limit,
      span: { count: -1, windowSeconds: 60 },
      cake: limit,
      error: 7,
    },
  })}`
  await sql`update project_keys set rate_limits = ${sql.json({ transaction: limit })}`
  expect(await listKeyAccess(sql, [K1])).toMatchObject([
    {
      keyLimits: { transaction: limit },
      projectLimits: { attachment: limit },
      organizationLimits: { session: limit },
    },
  ])
  const [access] = await listKeyAccess(sql, [K1])
  expect(Object.keys(access!.projectLimits)).toEqual(["attachment"])
})
