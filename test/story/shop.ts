import { afterAll } from "bun:test"
import { join } from "node:path"
import { runCommand } from "../support/processes.ts"

const clients = join(import.meta.dir, "clients")

export type Thrown = { eventId: string }

/** A real Node.js with @sentry/node throws. */
export async function throwInNode(dsn: string, release: string): Promise<Thrown> {
  return thrownBy(["node", join(clients, "node.mjs"), dsn, release, "production"])
}

/** Debian's Python with its sentry-sdk throws. */
export async function throwInPython(dsn: string, release: string): Promise<Thrown> {
  return thrownBy(["/usr/bin/python3", join(clients, "python_shop.py"), dsn, release, "staging"])
}

async function thrownBy(command: string[]): Promise<Thrown> {
  const { exitCode, stdout, stderr } = await runCommand(command, {})
  if (exitCode !== 0) throw new Error(`${command[0]} failed:\n${stderr}`)
  const { eventId } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Thrown
  return { eventId: eventId.replaceAll("-", "") }
}

/** A page with @sentry/browser bundled in, on a port of its own: another origin than sentry-lite's. Stopped in afterAll. */
export async function startShopPage(): Promise<{ url: string }> {
  const built = await Bun.build({
    entrypoints: [join(clients, "browser-shop.js")],
    target: "browser",
  })
  const script = await built.outputs[0]?.text()
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: (request) =>
      new URL(request.url).pathname === "/shop.js"
        ? new Response(script, { headers: { "content-type": "text/javascript" } })
        : new Response("<!doctype html><title>shop</title><script src='/shop.js'></script>", {
            headers: { "content-type": "text/html" },
          }),
  })
  afterAll(() => server.stop(true))
  return { url: `http://127.0.0.1:${server.port}/` }
}
