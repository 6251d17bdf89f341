import { rm } from "node:fs/promises"
import { hostname, release } from "node:os"
import { join } from "node:path"
import { gunzipSync, inflateSync } from "node:zlib"
import { readEnvelope } from "#protocol/envelope.ts"
import { clients, itemClients, startShopPages } from "../test/story/clients.ts"
import { launchChromium } from "../test/support/chromium.ts"
import { FIXTURES, type Fixture } from "../test/support/fixtures.ts"

/** Runs every client against a server that only writes down what comes, and keeps it under test/fixtures/clients. */

const KEY = "0123456789abcdef0123456789abcdef"
const VERSION = { release: "shop@1.0.0", environment: "production" }
/** Headers that mean something to the server. */
const KEPT = ["content-type", "content-encoding", "x-sentry-auth", "user-agent", "origin"]

type Caught = { method: string; url: URL; headers: Headers; body: Buffer }

const caught: Caught[] = []
const recorder = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: record })
const dsn = `http://${KEY}@127.0.0.1:${recorder.port}/1`
const shop = await startShopPages()

await rm(FIXTURES, { recursive: true, force: true })
const fixtures: Fixture[] = []
for (const [client, send] of Object.entries({ ...clients, ...itemClients })) {
  await send(dsn, VERSION)
  await keep(client)
}
const browser = await launchChromium()
for (const sdk of ["browser", "raven-js"] as const) {
  await shop.visit(browser, sdk, { dsn, release: VERSION.release })
  await keep(sdk)
}
await shop.breakPolicy(browser, dsn)
await keep("browser-policy")
const tunnel = `http://127.0.0.1:${recorder.port}/tunnel/`
await shop.visit(browser, "browser", { dsn, release: VERSION.release, tunnel })
await keep("browser-tunnel")
await browser.close()
await shop.stop()
await recorder.stop(true)
await Bun.write(join(FIXTURES, "requests.json"), `${JSON.stringify(fixtures, null, 2)}\n`)
await Bun.write(join(FIXTURES, "README.md"), readme())
console.log(`${fixtures.length} requests of ${new Set(fixtures.map((f) => f.client)).size} clients`)

async function record(request: Request): Promise<Response> {
  const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" }
  if (request.method === "OPTIONS") return new Response(null, { headers })
  const { method, url } = request
  // Bun takes them back once the request is answered.
  const kept = { method, url: new URL(url), headers: new Headers(request.headers) }
  caught.push({ ...kept, body: Buffer.from(await request.arrayBuffer()) })
  return Response.json({ id: "a".repeat(32) }, { headers })
}

/** Writes down what has come since the last time, as this client's. */
async function keep(client: string): Promise<void> {
  for (const [index, { method, url, headers, body }] of caught.splice(0).entries()) {
    const { plain, packing } = unpacked(headers, body)
    const isReport = url.pathname.endsWith("/security/")
    const { bytes, name } = scrubbed(plain, isReport ? "report.json" : "event.json")
    const file = method === "GET" ? null : `${client}-${index + 1}-${name}`
    const kept = KEPT.flatMap((header) => {
      const value = headers.get(header)
      return value ? [[header, unnamed(value)]] : []
    })
    fixtures.push({
      file,
      client,
      method,
      path: unnamed(url.pathname + url.search),
      headers: Object.fromEntries(kept),
      packing,
    })
    if (file) await Bun.write(join(FIXTURES, file), bytes)
  }
}

/** A body as text: fixtures are read by people, too. */
function unpacked(headers: Headers, body: Buffer): { plain: Buffer; packing: Fixture["packing"] } {
  if (headers.get("content-encoding") === "gzip") {
    return { plain: gunzipSync(body), packing: "gzip" }
  }
  if (body.subarray(0, 2).toString() === "eJ") {
    return { plain: inflateSync(Buffer.from(body.toString(), "base64")), packing: "base64-zlib" }
  }
  return { plain: body, packing: "none" }
}

/** The body without this machine's names, the lengths in it right again, and what it is: `json`, unless it is an envelope. */
function scrubbed(plain: Buffer, json: string): { bytes: Buffer; name: string } {
  const envelope = readEnvelope(plain, 100)
  const isEnvelope = !("fault" in envelope) && !plain.includes('"culprit"')
  if (!isEnvelope || envelope.items.length === 0) {
    return { bytes: Buffer.from(unnamed(plain.toString())), name: json }
  }
  const lines: Buffer[] = [Buffer.from(unnamed(JSON.stringify(envelope.headers)))]
  for (const { headers, payload } of envelope.items) {
    const text = payload.toString()
    const isText = Buffer.from(text).equals(payload)
    const bytes = isText ? Buffer.from(unnamed(text)) : Buffer.from(payload)
    const length = headers.length === undefined ? {} : { length: bytes.length }
    lines.push(Buffer.from(JSON.stringify({ ...headers, ...length })), bytes)
  }
  const bytes = Buffer.concat(lines.flatMap((line) => [line, Buffer.from("\n")]))
  const types = [...new Set(envelope.items.map(({ type }) => type))]
  return { bytes, name: `${types.join("-")}.envelope` }
}

/** Without the names of this machine: folders, host, kernel, ports. */
function unnamed(text: string): string {
  const names: [string, string][] = [
    [join(import.meta.dir, ".."), "/srv/shop"],
    [join(import.meta.dir, "..").slice(1), "srv/shop"],
    [`127.0.0.1:${recorder.port}`, "sentry.example.test"],
    [new URL(shop.url).host, "shop.example.test"],
    [hostname(), "host-1"],
    [release(), "6.1.0"],
  ]
  return names.reduce((given, [name, other]) => given.replaceAll(name, other), text)
}

function readme(): string {
  return `# What real clients send

Every request of the clients in \`test/story/clients.ts\`, as \`requests.json\` tells it: path, headers, and the file with the body,
unpacked. Names of the machine they ran on are replaced (see \`scripts/capture-fixtures.ts\`), and nothing else is.

Captured again, with whatever versions are installed, by:

    bun scripts/capture-fixtures.ts
`
}
