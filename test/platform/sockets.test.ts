import { expect, setDefaultTimeout, test } from "bun:test"
import { connect, createServer, type Server } from "node:net"
import { join } from "node:path"
import { testDatabase } from "../support/database.ts"
import { temporaryFolder } from "../support/services.ts"

setDefaultTimeout(60_000)

const { url } = await testDatabase()
const REDIS = process.env.TEST_REDIS_URL ?? "redis://127.0.0.1:56399"

const mayMakeNetworks = Bun.spawnSync(["unshare", "--net", "ip", "link"]).success

/** Reaches out of a network namespace: sockets of the file system are the same in all of them. */
async function relay(path: string, to: URL): Promise<Server> {
  const server = createServer((near) => {
    const far = connect(Number(to.port), to.hostname)
    near.pipe(far).pipe(near)
    for (const each of [near, far]) each.on("error", () => each.destroy())
  })
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return server
}

test.skipIf(!mayMakeNetworks)(
  "a machine that vanishes without a word is noticed, also while its answer is waited for",
  async () => {
    const folder = temporaryFolder("sockets")
    const relays = [
      await relay(join(folder, "postgres"), new URL(url)),
      await relay(join(folder, "redis"), new URL(REDIS)),
    ]
    const program = join(import.meta.dir, "vanished-host.ts")
    const inside = Bun.spawn(["unshare", "--net", process.execPath, program, url, folder], {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 40_000,
    })
    const told = JSON.parse(await new Response(inside.stdout).text())
    for (const each of relays) each.close()
    expect(told).toMatchObject({ redis: "closed", command: "Command timed out" })
    expect(told.postgres).toMatch(/ETIMEDOUT|CONNECTION_CLOSED|ENETUNREACH/)
    expect(told.postgresSeconds).toBeLessThan(10)
    expect(told.redisSeconds).toBeLessThan(15)
  },
)
