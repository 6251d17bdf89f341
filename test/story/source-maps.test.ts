import { afterAll, beforeAll, expect, test } from "bun:test"
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Acme, foundAcme } from "../support/acme.ts"
import { startChromium } from "../support/chromium.ts"
import { startAppliance } from "../support/executable.ts"
import { temporaryFolder, until } from "../support/services.ts"
import { node, type UploadingCli, uploadingCli } from "../support/uploading-cli.ts"
import { signIn } from "../support/watched-page.ts"

/**
 * A program built by vite, its maps uploaded by the real tools, an error thrown in Chromium, and what the page says of it.
 */

const root = join(import.meta.dir, "../..")
const vite = join(root, "node_modules/vite/bin/vite.js")

let acme: Acme
let dsn: string
let env: UploadingCli["env"]
let run: UploadingCli["run"]
let cli: UploadingCli["cli"]
const browser = await startChromium()
const appliance = await startAppliance()

beforeAll(async () => {
  acme = await foundAcme(appliance)
  dsn = await acme.project("till", "javascript")
  ;({ env, run, cli } = await uploadingCli(acme, "till"))
}, 120_000)

/** Builds the till; resolves with the folder of what came out. `plugin` says what @sentry/vite-plugin is told. */
async function build(plugin: object | null = null): Promise<string> {
  const folder = temporaryFolder("till")
  cpSync(join(import.meta.dir, "clients/till"), folder, { recursive: true })
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
  const plugins = plugin === null ? "[]" : `[sentryVitePlugin(${JSON.stringify(plugin)})]`
  writeFileSync(
    join(folder, "vite.config.mjs"),
    `import { sentryVitePlugin } from "@sentry/vite-plugin"
     export default { build: { sourcemap: true }, plugins: ${plugins}, logLevel: "warn" }`,
  )
  await run([node, vite, "build", folder, "--config", join(folder, "vite.config.mjs")])
  return join(folder, "dist")
}

/** Opens the built program in Chromium and resolves with the id of the error that it sent. */
async function openTill(dist: string, settings: object): Promise<string> {
  const server = Bun.serve({
    port: 0,
    fetch: (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === "/settings.json") return Response.json({ dsn, ...settings })
      if (pathname === "/favicon.ico") return new Response(null, { status: 204 })
      return new Response(Bun.file(join(dist, pathname === "/" ? "index.html" : pathname)))
    },
  })
  afterAll(() => server.stop(true))
  const page = await browser.newPage()
  await page.goto(`http://127.0.0.1:${server.port}/`)
  await page.waitForFunction(() => document.title.startsWith("sent "))
  const id = (await page.title()).slice("sent ".length)
  await page.close()
  return id
}

type ApiEvent = {
  groupID: string
  errors: object[]
  entries: { type: string; data: { values: { stacktrace: { frames: ApiFrame[] } }[] } }[]
}
type ApiFrame = { filename: string; function: string; lineNo: number; context: [number, string][] }

/** Asked for slowly: programs may ask ten times a second. */
async function eventOf(id: string): Promise<ApiEvent> {
  let issue: { id: string } | undefined
  await until(`event ${id}`, async () => {
    ;[issue] = await acme.get<{ id: string }[]>(`/organizations/acme/issues/?query=${id}`)
    if (!issue) await Bun.sleep(200)
    return issue !== undefined
  })
  return acme.get<ApiEvent>(`/issues/${issue?.id}/events/${id}/`)
}

const framesOf = ({ entries }: ApiEvent) =>
  entries.find(({ type }) => type === "exception")?.data.values[0]?.stacktrace.frames ?? []

async function expectMapped(id: string): Promise<ApiEvent> {
  const event = await eventOf(id)
  const frames = framesOf(event).slice(-3)
  expect([
    frames.map((frame) => [frame.filename.replace(/^.*\//, ""), frame.function, frame.lineNo]),
    event.errors,
  ]).toEqual([
    [
      ["main.ts", "openTill", 11],
      ["basket.ts", "checkout", 6],
      ["basket.ts", "Receipt.print", 18],
    ],
    [],
  ])
  expect(frames.at(-1)?.context.find(([line]) => line === 17)?.[1]).toContain(
    "that no minifier keeps",
  )
  return event
}

let plugged: ApiEvent

test("@sentry/vite-plugin injects debug ids and uploads while it builds", async () => {
  const told = { org: "acme", project: "till", url: appliance.url, telemetry: false, silent: true }
  const authToken = env.SENTRY_AUTH_TOKEN
  const dist = await build({
    ...told,
    authToken,
    release: { name: "till@1.0.0", setCommits: false },
  })
  // The plugin does not wait until its bundle is read.
  let id = ""
  await until("the plugin's upload is in use", async () => {
    id = await openTill(dist, {})
    return (await eventOf(id)).errors.length === 0
  })
  plugged = await expectMapped(id)
}, 120_000)

test("the page shows the line that was written, and the frames as they came", async () => {
  const { page } = await signIn(browser, appliance.url)
  await page.goto(`${appliance.url}/organizations/acme/issues/${plugged.groupID}/`)
  const trace = await page.locator("#stack-trace").innerText()
  expect(trace).toContain("Receipt.print")
  expect(trace).toContain("if (this.#total < 10) throw new RangeError")
  await page.close()
}, 60_000)

test("sentry-cli 3: inject, upload, releases", async () => {
  const dist = await build()
  await cli(3, "releases", "new", "till@3")
  await cli(3, "sourcemaps", "inject", dist)
  expect(await cli(3, "sourcemaps", "upload", "--wait", dist)).toContain("Source Map Upload Report")
  await cli(3, "releases", "finalize", "till@3")
  expect(await cli(3, "releases", "info", "till@3")).toContain("till@3")
  await expectMapped(await openTill(dist, { release: "till@3" }))
}, 120_000)

test("sentry-cli 2: upload for a release and dist, without debug ids", async () => {
  const dist = await build()
  await cli(2, "releases", "new", "till@2")
  await cli(2, "sourcemaps", "upload", "--release", "till@2", "--dist", "7", "--wait", dist)
  await expectMapped(await openTill(dist, { release: "till@2", dist: "7" }))
}, 120_000)

test("sentry-cli 2: files of a release, one by one", async () => {
  const dist = await build()
  await cli(2, "releases", "new", "till@1")
  for (const name of readdirSync(join(dist, "assets"))) {
    await cli(
      2,
      "releases",
      "files",
      "till@1",
      "upload",
      join(dist, "assets", name),
      `~/assets/${name}`,
    )
  }
  expect(await cli(2, "releases", "files", "till@1", "list")).toContain("~/assets/")
  await expectMapped(await openTill(dist, { release: "till@1" }))
}, 120_000)

test("an indexed map", async () => {
  const dist = await build()
  const assets = join(dist, "assets")
  const name = readdirSync(assets).find((each) => each.endsWith(".map")) ?? ""
  const map = JSON.parse(readFileSync(join(assets, name), "utf8"))
  const sections = [{ offset: { line: 0, column: 0 }, map }]
  writeFileSync(join(assets, name), JSON.stringify({ version: 3, sections }))
  await cli(3, "releases", "new", "till@4")
  for (const each of readdirSync(assets)) {
    await cli(2, "releases", "files", "till@4", "upload", join(assets, each), `~/assets/${each}`)
  }
  await expectMapped(await openTill(dist, { release: "till@4" }))
}, 120_000)

test("an indexed RAM bundle of React Native, which sentry-cli takes apart", async () => {
  const folder = temporaryFolder("ram")
  const [bundle, map] = [join(folder, "main.jsbundle"), join(folder, "main.map")]
  const source = (name: string) => ({
    version: 3,
    sources: [name],
    sourcesContent: ["// a module\nthrow new Error(name)\n"],
    names: [],
    mappings: "AAAA,eACA",
  })
  const sections = ["src/start.js", "src/basket.js", "src/drawer.js"].map((name, line) => ({
    offset: { line, column: 0 },
    map: source(name),
  }))
  writeFileSync(bundle, ramBundle("start();", ["__d(function(){throw 0},0);", "__d(1,1);"]))
  writeFileSync(map, JSON.stringify({ version: 3, sections, x_facebook_offsets: [1, 2] }))
  await cli(3, "releases", "new", "till@6")
  const parts = ["--bundle", bundle, "--bundle-sourcemap", map]
  await cli(3, "sourcemaps", "upload", "--release", "till@6", "--wait", ...parts)
  const id = crypto.randomUUID().replaceAll("-", "")
  const frame = { abs_path: "app:///0.js", lineno: 1, colno: 17, in_app: true }
  const { host, username, pathname } = new URL(dsn)
  await fetch(`http://${host}/api${pathname}/store/?sentry_key=${username}`, {
    method: "POST",
    body: JSON.stringify({
      event_id: id,
      platform: "javascript",
      release: "till@6",
      fingerprint: ["ram"],
      exception: { values: [{ type: "Error", stacktrace: { frames: [frame] } }] },
    }),
  })
  const event = await eventOf(id)
  expect([framesOf(event).at(-1)?.filename, event.errors]).toEqual(["src/basket.js", []])
}, 120_000)

/** A table of modules, the code that starts them, and the modules, each ended by a NUL. */
function ramBundle(start: string, modules: string[]): Buffer {
  const [first, ...rest] = [start, ...modules].map((code) => Buffer.from(`${code}\0`))
  const starting = first ?? Buffer.alloc(0)
  let at = starting.length
  const table = rest.flatMap(({ length }) => {
    at += length
    return [at - length, length]
  })
  const head = Uint32Array.from([0xfb0bd1e5, rest.length, starting.length, ...table])
  return Buffer.concat([new Uint8Array(head.buffer), starting, ...rest])
}

test("however it was uploaded, it is one issue, also what came too early", async () => {
  const unready = await build()
  await cli(2, "releases", "new", "till@5")
  await openTill(unready, { release: "till@5" }).then(eventOf)
  for (const name of readdirSync(join(unready, "assets"))) {
    const file = join(unready, "assets", name)
    await cli(2, "releases", "files", "till@5", "upload", file, `~/assets/${name}`)
  }
  const done = JSON.parse(await acme.run("sourcemaps", "apply", "--json", "acme/till"))
  expect(done).toEqual({ events: expect.any(Number), mapped: 1, moved: 1 })
  const issues = await acme.get<unknown[]>(
    "/organizations/acme/issues/?query=error.type:RangeError",
  )
  expect(issues).toHaveLength(1)
}, 120_000)
