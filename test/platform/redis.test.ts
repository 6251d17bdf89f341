import { expect, test } from "bun:test"
import { messageId } from "#platform/ids.ts"
import { createLog } from "#platform/log.ts"
import { startForwarder } from "#platform/queue/forwarder.ts"
import { encodeRecord } from "#platform/queue/record.ts"
import { connectRedis, createScript } from "#platform/redis.ts"
import { describeRedis, parseRedisUrl } from "#platform/redis-url.ts"
import { ownRedis } from "../support/redis-server.ts"
import { givenSpool, temporaryFolder, until } from "../support/spool.ts"

const log = createLog({ level: "fatal", format: "machine", role: "test" })

test.each([
  ["redis://h", "redis", [{ host: "h" }], [], {}],
  ["rediss://:p%40ss@h:7000/3", "rediss", [{ host: "h", port: 7000 }], ["3"], { password: "p@ss" }],
  [
    "redis+sentinel://u:p@a:1,b:2/mymaster/4",
    "redis+sentinel",
    [
      { host: "a", port: 1 },
      { host: "b", port: 2 },
    ],
    ["mymaster", "4"],
    { username: "u", password: "p" },
  ],
  [
    "redis+cluster://a,[::1]:7001",
    "redis+cluster",
    [{ host: "a" }, { host: "::1", port: 7001 }],
    [],
    {},
  ],
])("%s is understood", (url, scheme, hosts, path, credentials) => {
  expect(parseRedisUrl(url)).toEqual({ scheme, hosts, path, credentials })
})

test("a URL of something else is refused without showing its password", () => {
  expect(() => parseRedisUrl("http://u:secret@h")).toThrow("http://h")
  expect(describeRedis("redis://u:secret@h/1")).toBe("redis://h/1")
})

test("commands fail at once while Redis is away, and work again when it is back", async () => {
  const server = await ownRedis()
  const client = await connectRedis(server.url, log)
  await client.set("a", "1")
  await server.kill()
  await until(() => client.status !== "ready")
  const before = performance.now()
  await expect(client.get("a")).rejects.toThrow()
  expect(performance.now() - before).toBeLessThan(2100)
  await server.start()
  await until(() =>
    client.get("a").then(
      () => true,
      () => false,
    ),
  )
  client.disconnect()
})

test("a Redis that is away at the start is waited for two seconds, not for ever", async () => {
  const client = await connectRedis("redis://127.0.0.1:1", log)
  expect(client.status).not.toBe("ready")
  client.disconnect()
})

test("a script is sent again to a server that forgot it", async () => {
  const server = await ownRedis()
  const client = await connectRedis(server.url, log)
  const echo = createScript("return ARGV[1]")
  expect(await echo(client, [], ["a"])).toBe("a")
  await client.script("FLUSH")
  expect(await echo(client, [], ["b"])).toBe("b")
  client.disconnect()
})

test("a killed and empty Redis is filled again; one that evicts gets nothing", async () => {
  const server = await ownRedis()
  const client = await connectRedis(server.url, log)
  const directory = temporaryFolder()
  const spool = await givenSpool(directory)
  const roomy = { maxEntries: 1e6, maxBytes: 1e12, keptBytes: 1e12, log }
  const forwarder = startForwarder({
    directory,
    writerId: spool.writerId,
    redis: client,
    streams: [{ stream: "s", marker: "m" }],
    ...roomy,
  })
  const put = () => spool.append(encodeRecord(messageId(), new Uint8Array(10)))
  const length = () => client.xlen("s").catch(() => -1)
  await put()
  await until(async () => (await length()) === 1)
  await server.kill()
  await put()
  await until(() => forwarder.status().state === "away")
  await server.start()
  await until(async () => (await length()) === 2, 8000)

  await client.config("SET", "maxmemory-policy", "allkeys-lru")
  await until(() => forwarder.status().state === "refused")
  await put()
  expect(forwarder.status().problem).toContain("allkeys-lru")
  expect(await length()).toBe(2)
  await client.config("SET", "maxmemory-policy", "noeviction")
  await until(async () => (await length()) === 3)
  await spool.stop()
  await forwarder.stop({ withinMs: 1000 })
  client.disconnect()
}, 15_000)
