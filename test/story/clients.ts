import { join } from "node:path"
import type { Browser } from "playwright-core"
import { minidump } from "../support/minidump.ts"
import { runCommand } from "../support/processes.ts"
import { temporaryFolder } from "../support/services.ts"

const root = join(import.meta.dir, "../..")
const programs = join(import.meta.dir, "clients")

/** What the client says of itself. */
export type Version = { release: string; environment: string }
/** The id that the client says it sent, without dashes. */
export type Sent = { eventId: string }

/** Real clients that run from a shell. Each throws inside its own code, or says something, and waits until it is sent. */
export const clients = {
  node: program(["node", "node.mjs"]),
  bun: program([process.execPath, "bun.mjs"]),
  "raven-node": program(["node", "raven-node.cjs"]),
  python: program(["/usr/bin/python3", "python_shop.py"]),
  ruby: program(["ruby", "ruby_shop.rb"]),
  go: sendWithGo,
  "sentry-cli": sendEventWithCli,
  "sentry-cli-envelope": sendEnvelopeWithCli,
  "curl-store": sendWithCurl,
  "curl-image": loadImageWithCurl,
} satisfies Record<string, (dsn: string, version: Version) => Promise<Sent>>

/** The same, for kinds of items beside errors. */
export const itemClients = {
  "node-items": program(["node", "node-items.mjs"]),
  "python-items": program(["/usr/bin/python3", "python_items.py"]),
}

/** What is not to be written down as a fixture: the file is of no use as text. */
export const crashClients = { "curl-minidump": sendMinidumpWithCurl }

/** A program of ./clients that takes DSN, release and environment, and prints `{"eventId":…}` at its end. */
function program([interpreter = "", file = ""]: string[]) {
  return (dsn: string, version: Version) =>
    sentBy([interpreter, join(programs, file)], dsn, version)
}

async function sentBy(
  command: string[],
  dsn: string,
  { release, environment }: Version,
): Promise<Sent> {
  const output = await outputOf([...command, dsn, release, environment])
  return plainId((JSON.parse(output.split("\n").at(-1) ?? "{}") as Sent).eventId)
}

/** Debian's sentry-go is a source package; compiling takes a second. */
async function sendWithGo(dsn: string, version: Version): Promise<Sent> {
  return sentBy([await compileGoShop()], dsn, version)
}

async function compileGoShop(): Promise<string> {
  const folder = temporaryFolder("go")
  const path = join(folder, "shop")
  await outputOf(["go", "build", "-o", path, join(programs, "shop.go")], {
    GO111MODULE: "off",
    GOPATH: "/usr/share/gocode",
    GOCACHE: join(folder, "cache"),
  })
  return path
}

const cli = join(root, "node_modules/.bin/sentry-cli")
const cliEnvironment = (dsn: string) => ({
  SENTRY_DSN: dsn,
  SENTRY_CLI_NO_TELEMETRY: "1",
  SENTRY_DISABLE_UPDATE_CHECK: "1",
})

async function sendEventWithCli(dsn: string, { release, environment }: Version): Promise<Sent> {
  const words = ["-m", "backup of %s failed", "-a", "orders", "-l", "warning", "--no-environ"]
  const more = ["-t", "shop.region:eu", "-u", "id:42", "-u", "email:ann@example.test"]
  const output = await outputOf(
    [cli, "send-event", ...words, ...more, "-r", release, "-E", environment],
    cliEnvironment(dsn),
  )
  return plainId(/Event id: (\S+)/.exec(output)?.[1] ?? output)
}

async function sendEnvelopeWithCli(dsn: string): Promise<Sent> {
  const file = join(programs, "night-report.envelope")
  await outputOf([cli, "send-envelope", file], cliEnvironment(dsn))
  return plainId(JSON.parse((await Bun.file(file).text()).split("\n")[0] ?? "").event_id)
}

async function sendWithCurl(dsn: string, version: Version): Promise<Sent> {
  const { username, origin, pathname } = new URL(dsn)
  const auth = `X-Sentry-Auth: Sentry sentry_version=7, sentry_key=${username}, sentry_client=curl/1`
  const address = `${origin}/api${pathname}/store/`
  const json = JSON.stringify({ ...shellEvent, ...version })
  const output = await outputOf(["curl", "-sS", "-H", auth, "--data-binary", json, address])
  return { eventId: JSON.parse(output).id }
}

/** As the first browsers' SDK did: the event stands in an image's address. */
async function loadImageWithCurl(dsn: string, version: Version): Promise<Sent> {
  const { username, origin, pathname } = new URL(dsn)
  const eventId = crypto.randomUUID().replaceAll("-", "")
  const json = JSON.stringify({ ...shellEvent, ...version, event_id: eventId })
  const query = new URLSearchParams({
    sentry_version: "4",
    sentry_client: "raven-js/1.3.0",
    sentry_key: username,
    sentry_data: json,
  })
  await outputOf(["curl", "-sSf", "-o", "/dev/null", `${origin}/api${pathname}/store/?${query}`])
  return { eventId }
}

/** A form as Breakpad's reporters post it; what curl prints is the id. */
async function sendMinidumpWithCurl(dsn: string, version: Version): Promise<Sent> {
  const { username, origin, pathname } = new URL(dsn)
  const dump = join(temporaryFolder("minidump"), "till.dmp")
  await Bun.write(dump, minidump({ bytes: 200_000, writtenAt: Math.floor(Date.now() / 1000) }))
  const json = {
    ...version,
    user: { id: "42", email: "ann@example.test" },
    tags: { "shop.region": "eu" },
    sdk: { name: "breakpad", version: "1" },
  }
  const address = `${origin}/api${pathname}/minidump/?sentry_key=${username}`
  const fields = ["-F", `sentry=${JSON.stringify(json)}`, "-F", "ptype=till"]
  const output = await outputOf([
    ...["curl", "-sSf", ...fields, "-F", `upload_file_minidump=@${dump}`, address],
  ])
  return plainId(output)
}

const shellEvent = {
  message: "disk of db-1 is full",
  level: "error",
  platform: "other",
  logger: "monitor.sh",
  culprit: "monitor.sh in check_disks",
  server_name: "db-1",
  user: { id: "42" },
  tags: { "shop.region": "eu" },
  extra: { free: "0 %" },
}

async function outputOf(command: string[], environment: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await runCommand(command, environment)
  if (exitCode !== 0) throw new Error(`${command[0]} ended with ${exitCode}:\n${stdout}${stderr}`)
  return stdout.trim()
}

function plainId(eventId: string): Sent {
  return { eventId: eventId.replaceAll("-", "").toLowerCase() }
}

export type ShopPages = {
  /** Opens the page with this SDK in it, which throws while it loads; resolves when its event is sent. */
  visit(
    browser: Browser,
    sdk: "browser" | "raven-js",
    settings: { dsn: string; release: string; tunnel?: string },
  ): Promise<Sent>
  /** Opens a page that breaks its own policy; resolves when Chromium has reported it to the DSN's security endpoint. */
  breakPolicy(browser: Browser, dsn: string): Promise<void>
  url: string
  stop(): Promise<void>
}

/** Pages with @sentry/browser and raven-js bundled in, on a port of their own: another origin than sentry-lite's. */
export async function startShopPages(): Promise<ShopPages> {
  const scripts = {
    "/browser.js": await bundle("browser-shop.js"),
    "/raven-js.js": await bundle("raven-page.js"),
  }
  let reportAddress = ""
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const path = new URL(request.url).pathname
      if (path === "/policy") return policyPage(reportAddress)
      const script = scripts[path as keyof typeof scripts]
      return script
        ? new Response(script, { headers: { "content-type": "text/javascript" } })
        : new Response(`<!doctype html><title>shop</title><script src="${path}.js"></script>`, {
            headers: { "content-type": "text/html" },
          })
    },
  })
  const url = `http://127.0.0.1:${server.port}/`
  return {
    url,
    async visit(browser, sdk, settings) {
      const page = await browser.newPage()
      // Not in the address: that becomes part of the event.
      await page.addInitScript((given) => Object.assign(window, { shop: given }), settings)
      await page.goto(`${url}${sdk}`)
      await page.waitForFunction("document.title.startsWith('sent')")
      const title = await page.title()
      await page.close()
      return plainId(title.replace("sent ", ""))
    },
    async breakPolicy(browser, dsn) {
      const { username, origin, pathname } = new URL(dsn)
      const report = `${origin}/api${pathname}/security/?sentry_key=${username}&sentry_environment=shop`
      // Not in the page's address: that becomes part of the report.
      reportAddress = report
      const page = await browser.newPage()
      const reported = page.waitForEvent("request", (request) => request.url() === report)
      await page.goto(`${url}policy`)
      await (await reported).response()
      await page.close()
    },
    stop: () => server.stop(true),
  }
}

function policyPage(report: string): Response {
  const policy = `default-src 'self'; img-src 'self'; report-uri ${report}`
  return new Response("<!doctype html><title>shop</title><img src='https://evil.example/x.png'>", {
    headers: { "content-type": "text/html", "content-security-policy": policy },
  })
}

async function bundle(file: string): Promise<string> {
  const built = await Bun.build({ entrypoints: [join(programs, file)], target: "browser" })
  return (await built.outputs[0]?.text()) ?? ""
}
