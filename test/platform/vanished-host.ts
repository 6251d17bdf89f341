import { connect as connectSocket, createServer } from "node:net"
import { connect } from "#platform/db.ts"
import { createLog } from "#platform/log.ts"
import { connectRedis } from "#platform/redis.ts"

/**
 * Run in a network namespace of its own: PostgreSQL and Redis are reached through its loopback, which is then taken down,
 * so that no machine answers any more and none says so. argv: database URL, folder of the relays' sockets.
 */
const [, , databaseUrl = "", folder = ""] = process.argv

async function localRelay(name: string): Promise<number> {
  const server = createServer((near) => {
    const far = connectSocket(`${folder}/${name}`)
    near.pipe(far).pipe(near)
    for (const each of [near, far]) each.on("error", () => each.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  return typeof address === "object" && address ? address.port : 0
}

Bun.spawnSync(["ip", "link", "set", "lo", "up"])
const url = new URL(databaseUrl)
url.hostname = "127.0.0.1"
url.port = String(await localRelay("postgres"))
const sql = connect(url.href, { max: 1, unansweredMs: 1000 })
const redis = await connectRedis(
  `redis://127.0.0.1:${await localRelay("redis")}`,
  createLog({ level: "FATAL", format: "machine", role: "test" }),
)
await sql`select 1`
await redis.ping()
const closed = new Promise((resolve) => redis.once("close", resolve))

Bun.spawnSync(["ip", "link", "set", "lo", "down"])
const startedAt = performance.now()
const seconds = () => Math.round((performance.now() - startedAt) / 1000)
const postgres = sql`select 1`.then(
  () => "answered",
  (error) => error.code,
)
const command = redis.ping().catch((error) => error.message)
console.log(
  JSON.stringify({
    postgres: await postgres,
    postgresSeconds: seconds(),
    command: await command,
    redis: await closed.then(() => "closed"),
    redisSeconds: seconds(),
  }),
)
process.exit(0)
