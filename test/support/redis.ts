import { afterAll } from "bun:test"
import { Redis } from "ioredis"

const SERVER = process.env.TEST_REDIS_URL ?? "redis://127.0.0.1:56399"
/** How many databases the test server runs with; number 0 only deals out the others. */
const DATABASES = 4096

/** Gives the calling test file its own, empty Redis database; flushed in afterAll. */
export async function testRedis(): Promise<{ redis: Redis; url: string }> {
  const dealer = new Redis(SERVER)
  const dealt = await dealer.incr("test-databases-dealt")
  await dealer.quit()
  const url = `${SERVER}/${1 + (dealt % (DATABASES - 1))}`
  const redis = new Redis(url)
  await redis.flushdb()
  afterAll(async () => {
    await redis.flushdb()
    await redis.quit()
  })
  return { redis, url }
}
