import { afterAll, describe, expect, test } from "bun:test"
import { createLog } from "#platform/log.ts"
import { createMemoryQuota } from "#platform/quota/memory-quota.ts"
import type { QuotaRequest } from "#platform/quota/quota.ts"
import { createRedisQuota } from "#platform/quota/redis-quota.ts"
import { rememberRefusals } from "#platform/quota/remember-refusals.ts"
import { connectRedis } from "#platform/redis.ts"
import { keys } from "#redis-keys.ts"
import { testRedis } from "../../support/redis.ts"
import { ownRedis } from "../../support/redis-server.ts"
import { until } from "../../support/spool.ts"

const { url } = await testRedis()
const log = createLog({ level: "fatal", format: "machine", role: "test" })
const client = await connectRedis(url, log)
afterAll(() => client.disconnect())

const noon = new Date("2026-05-01T12:00:15Z")
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1000)
let organizations = 0
/** Limits of an organization that no other test uses. */
function givenLimits() {
  const organizationId = String(++organizations)
  return (limit: string, max: number, rest: Partial<QuotaRequest> = {}): QuotaRequest => ({
    organizationId,
    limit,
    max,
    windowSeconds: 60,
    quantity: 1,
    ...rest,
  })
}

describe.each([
  ["memory", () => createMemoryQuota()],
  ["Redis", () => createRedisQuota({ redis: client, key: keys.quota, log })],
  [
    "Redis, refusals remembered",
    () => rememberRefusals(createRedisQuota({ redis: client, key: keys.quota, log })),
  ],
] as const)("%s", (_, newQuota) => {
  const quota = newQuota()

  test("the event after the limit is refused until the next window", async () => {
    const limit = givenLimits()
    const take = (now: Date) => quota.take([limit("key:1", 2)], now)
    expect(await take(noon)).toEqual({ allowed: true, retryAfterSeconds: 0 })
    expect((await take(noon)).allowed).toBe(true)
    expect(await take(noon)).toEqual({ allowed: false, retryAfterSeconds: 45, limitedBy: "key:1" })
    expect(await take(later(44))).toMatchObject({ allowed: false, retryAfterSeconds: 1 })
    expect((await take(later(45))).allowed).toBe(true)
  })

  test("when one limit has no room, nothing is taken from the others", async () => {
    const limit = givenLimits()
    const wide = limit("project:1", 3)
    await quota.take([limit("key:1", 1), wide], noon)
    expect((await quota.take([limit("key:1", 1), wide], noon)).limitedBy).toBe("key:1")
    expect((await quota.take([wide], noon)).allowed).toBe(true)
    expect((await quota.take([wide], noon)).allowed).toBe(true)
    expect((await quota.take([wide], noon)).allowed).toBe(false)
  })

  test("of several full limits the one that lasts longest is named", async () => {
    const limit = givenLimits()
    const both = [limit("minute", 0), limit("hour", 0, { windowSeconds: 3600 })]
    expect(await quota.take(both, noon)).toEqual({
      allowed: false,
      retryAfterSeconds: 3585,
      limitedBy: "hour",
    })
  })

  test("a quantity fits as a whole or not at all", async () => {
    const limit = givenLimits()
    expect((await quota.take([limit("key:1", 5, { quantity: 6 })], noon)).allowed).toBe(false)
    expect((await quota.take([limit("key:1", 5, { quantity: 5 })], noon)).allowed).toBe(true)
  })

  test("organizations do not share a limit of the same name", async () => {
    const [one, other] = [givenLimits(), givenLimits()]
    await quota.take([one("organization", 1)], noon)
    expect((await quota.take([other("organization", 1)], noon)).allowed).toBe(true)
    const both = [one("instance", 9), other("organization", 1)]
    expect((await quota.take(both, noon)).limitedBy).toBe("organization")
  })

  test("no limits allow everything", async () => {
    expect((await quota.take([], noon)).allowed).toBe(true)
  })

  test("side by side no more than the limit gets through", async () => {
    const limit = givenLimits()
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => quota.take([limit("key:1", 20)], noon)),
    )
    expect(answers.filter(({ allowed }) => allowed).length).toBe(20)
  })
})

test("counters in Redis do not stay for ever", async () => {
  const quota = createRedisQuota({ redis: client, key: keys.quota, log })
  await quota.take([givenLimits()("key:1", 5)], noon)
  const window = Math.floor(noon.getTime() / 60_000)
  expect(await client.ttl(keys.quota(String(organizations), "key:1", window))).toBeWithin(60, 121)
})

test("while Redis is away, counting goes on from what it said last", async () => {
  const server = await ownRedis()
  const redis = await connectRedis(server.url, log)
  const [here, there] = [1, 2].map(() => createRedisQuota({ redis, key: keys.quota, log }))
  const limit = givenLimits()("key:1", 3)
  await there?.take([limit], noon)
  await here?.take([limit], noon)
  await server.kill()
  await until(() => redis.status !== "ready")
  expect((await here?.take([limit], noon))?.allowed).toBe(true)
  expect((await here?.take([limit], noon))?.allowed).toBe(false)
  expect((await here?.take([limit], later(60)))?.allowed).toBe(true)
  redis.disconnect()
})

test("a Redis that hangs holds up one request a second, not all of them", async () => {
  const server = await ownRedis()
  const redis = await connectRedis(server.url, log)
  const pid = Number(/process_id:(\d+)/.exec(await redis.info("server"))?.[1])
  const quota = createRedisQuota({ redis, key: keys.quota, log })
  const limit = givenLimits()("key:1", 1000)
  process.kill(pid, "SIGSTOP")
  await quota.take([limit], noon)
  await Bun.sleep(1050) // until Redis is asked again
  const waited: number[] = []
  const start = performance.now()
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      await quota.take([limit], noon)
      waited.push(performance.now() - start)
    }),
  )
  process.kill(pid, "SIGCONT")
  expect(waited.filter((ms) => ms > 500).length).toBe(1)
  redis.disconnect()
}, 10_000)
