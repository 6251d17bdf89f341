import { afterAll, describe, expect, test } from "bun:test"
import { createLog } from "#platform/log.ts"
import { connectRedis } from "#platform/redis.ts"
import { createRedisSeries } from "#platform/series/redis-series.ts"
import { createTableSeries } from "#platform/series/table-series.ts"
import { keys } from "#redis-keys.ts"
import { testDatabase } from "../../support/database.ts"
import { testRedis } from "../../support/redis.ts"

const { sql } = await testDatabase()
const { url } = await testRedis()
const log = createLog({ level: "fatal", format: "machine", role: "test" })
const client = await connectRedis(url, log)
afterAll(() => client.disconnect())

const noon = new Date("2026-05-01T12:00:00Z")
const at = (seconds: number) => new Date(noon.getTime() + seconds * 1000)
const table = createTableSeries({ sql, log })
const redis = createRedisSeries({ redis: client, keys, log })

describe.each([
  ["the table", table],
  ["Redis", redis],
] as const)("%s", (_, series) => {
  test("adds up per bucket of 10 s and of a minute; empty buckets are 0", async () => {
    const point = { series: "a", quantity: 2 }
    await series.add([point, point], at(3))
    await series.add([point], at(9))
    await series.add([point], at(25))
    expect(await series.read("a", at(0), at(40), 10)).toEqual([
      { at: at(0), quantity: 6, distinct: 0 },
      { at: at(10), quantity: 0, distinct: 0 },
      { at: at(20), quantity: 2, distinct: 0 },
      { at: at(30), quantity: 0, distinct: 0 },
    ])
    expect(await series.read("a", at(-30), at(60), 60)).toEqual([
      { at: at(-60), quantity: 0, distinct: 0 },
      { at: at(0), quantity: 8, distinct: 0 },
    ])
  })

  test("counts different values, per bucket and over all of them", async () => {
    const seen = (user: string) => ({ series: "b", quantity: 1, distinct: user })
    await series.add([seen("ann"), seen("bob"), seen("ann")], at(0))
    await series.add([seen("bob"), seen("cat")], at(10))
    await series.add([{ series: "b", quantity: 1 }], at(10))
    const buckets = await series.read("b", at(0), at(20), 10)
    expect(buckets.map(({ quantity, distinct }) => [quantity, distinct])).toEqual([
      [3, 2],
      [3, 2],
    ])
    expect(await series.countDistinct("b", at(0), at(20), 10)).toBe(3)
    expect(await series.countDistinct("b", at(100), at(120), 10)).toBe(0)
  })

  test("many different values are counted within 4 %", async () => {
    for (let part = 0; part < 10; part++) {
      const points = Array.from({ length: 2000 }, (_, i) => ({
        series: "c",
        quantity: 1,
        distinct: `user-${part * 2000 + i}`,
      }))
      await series.add(points, at(0))
    }
    expect(await series.countDistinct("c", at(0), at(60), 60)).toBeWithin(19_200, 20_800)
  })

  test("a series nobody added to, a time span of nothing and a hostile name are no trouble", async () => {
    expect(await series.read("none", at(0), at(10), 10)).toEqual([
      { at: at(0), quantity: 0, distinct: 0 },
    ])
    expect(await series.read("none", at(10), at(10), 10)).toEqual([])
    expect(await series.countDistinct("none", at(10), at(10), 10)).toBe(0)
    await series.add([], at(0))
    await series.add([{ series: "x}{'; drop", quantity: 1 }], at(0))
    expect((await series.read("x}{'; drop", at(0), at(10), 10))[0]?.quantity).toBe(1)
  })

  test("writers side by side lose nothing", async () => {
    await Promise.all(
      Array.from({ length: 20 }, () =>
        series.add(
          [
            { series: "d1", quantity: 1 },
            { series: "d2", quantity: 1 },
          ],
          at(0),
        ),
      ),
    )
    expect((await series.read("d1", at(0), at(10), 10))[0]?.quantity).toBe(20)
  })
})

test("the table forgets what is too old: seconds first, minutes a day later", async () => {
  await table.add([{ series: "old", quantity: 1 }], at(0))
  await table.sweep(at(3 * 3600))
  expect((await table.read("old", at(0), at(10), 10))[0]?.quantity).toBe(0)
  expect((await table.read("old", at(0), at(60), 60))[0]?.quantity).toBe(1)
  await table.sweep(at(27 * 3600))
  expect((await table.read("old", at(0), at(60), 60))[0]?.quantity).toBe(0)
})

test("every key in Redis has its time to live", async () => {
  await redis.add([{ series: "t", quantity: 1, distinct: "a" }], at(0))
  const names = await client.keys("sl:*{t}*")
  expect(names.length).toBe(4)
  for (const name of names) expect(await client.ttl(name)).toBeGreaterThan(0)
})

test("adding never fails, also when there is nothing to add to", async () => {
  const away = await connectRedis("redis://127.0.0.1:1", log)
  await createRedisSeries({ redis: away, keys, log }).add([{ series: "a", quantity: 1 }], noon)
  away.disconnect()
})
