import { expect, test } from "bun:test"
import type { App } from "#app.ts"
import { connectRedis } from "#platform/redis.ts"
import { examine } from "#web/health.ts"
import { systemStatus } from "#web/ui/manage/system-status.ts"
import { testApp } from "../support/app.ts"
import { ownRedis } from "../support/redis-server.ts"

const AWAY = "The queue's Redis cannot be reached; accepted events wait on the web hosts."

test("a fleet whose Redis is away is not well, and its status page says so", async () => {
  const appliance = await testApp()
  expect((await examine(appliance)).healthy).not.toHaveProperty("queue")
  const server = await ownRedis()
  const redis = await connectRedis(server.url, appliance.log)
  const fleet: App = { ...appliance, shape: "fleet", redis }
  try {
    expect((await examine(fleet)).healthy.queue).toBe(true)
    await server.kill()
    const { problems, healthy } = await examine(fleet)
    expect({ problems, healthy }).toMatchObject({
      problems: expect.arrayContaining([AWAY]),
      healthy: { queue: false, database: true },
    })
    const status = await systemStatus(fleet)
    expect(status.problems).toContain(AWAY)
    expect(status.ingest).toMatchObject({ records: null, bytes: null, waitingSeconds: 0 })
  } finally {
    redis.disconnect()
  }
})
