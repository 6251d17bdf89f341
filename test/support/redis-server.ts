import { afterAll } from "bun:test"
import { connect, createServer } from "node:net"

export type RedisServer = { url: string; kill(): Promise<void>; start(): Promise<void> }

/** A Redis of the calling test's own, to be killed and configured; ended in afterAll. Forgets all when killed. */
export async function ownRedis(...options: string[]): Promise<RedisServer> {
  const server = await launchRedis(...options)
  afterAll(server.kill)
  return server
}

/** The same, which the caller ends. */
export async function launchRedis(...options: string[]): Promise<RedisServer> {
  const port = await freePort()
  let child: Bun.Subprocess | null = null
  const server = {
    url: `redis://127.0.0.1:${port}`,
    start: async () => {
      const fixed = ["--port", String(port), "--save", "", "--bind", "127.0.0.1", "--dir", "/tmp"]
      child = Bun.spawn(["redis-server", ...fixed, ...options], {
        stdout: "ignore",
        stderr: "ignore",
      })
      while (!(await answers(port))) await Bun.sleep(10)
    },
    kill: async () => {
      child?.kill("SIGKILL")
      await child?.exited
    },
  }
  await server.start()
  return server
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === "object" && address ? address.port : 0
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy()
      resolve(true)
    })
    socket.on("error", () => resolve(false))
  })
}
