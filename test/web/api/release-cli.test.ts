import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Hono } from "hono"
import { apiRoutes } from "#web/api/router.ts"
import { createPages } from "#web/server.ts"
import { givenUserToken } from "../../support/api.ts"
import { testApp } from "../../support/app.ts"
import { givenMember, givenShop } from "../../support/issues.ts"

const app = await testApp()
const pages = createPages(app, { health: new Hono(), api: apiRoutes(app), ui: new Hono() })
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request) => pages.fetch(request, { remoteAddress: "127.0.0.1" }),
})
afterAll(() => server.stop(true))

// Its owner has to be who runs git: not a folder that the services' user may have.
const repository = await mkdtemp(join(tmpdir(), "sentry-lite-repository-"))
afterAll(() => rm(repository, { recursive: true }))
const program = join(import.meta.dir, "../../../node_modules/.bin/sentry-cli")
let token = ""

async function run(words: string[], env: Record<string, string> = {}) {
  const child = Bun.spawn(words, {
    cwd: repository,
    env: { PATH: process.env.PATH ?? "", HOME: repository, ...env },
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ])
  return { code: await child.exited, text: out + err }
}

const git = (...words: string[]) =>
  run(["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.test", ...words])

/** The real sentry-cli; tells what it printed when it fails. */
async function cli(...words: string[]): Promise<string> {
  const { code, text } = await run([program, ...words], {
    SENTRY_URL: `http://127.0.0.1:${server.port}`,
    SENTRY_AUTH_TOKEN: token,
    SENTRY_ORG: "shop",
    SENTRY_PROJECT: "shop",
    SENTRY_CLI_NO_TELEMETRY: "1",
    SENTRY_DISABLE_UPDATE_CHECK: "1",
  })
  if (code !== 0) throw new Error(`sentry-cli ${words.join(" ")}: ${code}\n${text}`)
  return text
}

beforeAll(async () => {
  const shop = await givenShop(app, "shop")
  // An organization's token has the instance's address in it, which is not this server's.
  token = await givenUserToken(app, await givenMember(app, shop, { name: "ann", role: "owner" }))
  await git("init", "-q")
  await git("remote", "add", "origin", "https://git.example/acme/shop.git")
  for (const name of ["one.py", "two.py"]) {
    await Bun.write(join(repository, name), name)
    await git("add", name)
    await git("commit", "-q", "-m", `Add ${name}`)
  }
})

const rows = (version: string) => app.sql<{ version: string; message: string; files: string[] }[]>`
  select r.version, c.message, array(select path from commit_files f where f.commit_id = c.id order by path) as files
  from releases r join release_commits rc on rc.release_id = r.id join commits c on c.id = rc.commit_id
  where r.version = ${version} order by rc.position`

test("a release's life with sentry-cli", async () => {
  expect(await cli("releases", "new", "web@1.0.0+b 1")).toContain("Created release")
  await cli("releases", "new", "web@1.0.0+b 1")
  await cli("releases", "finalize", "web@1.0.0+b 1")
  const listed = await cli("releases", "list")
  expect(listed).toContain("web@1.0.0+b 1")
  await cli("releases", "set-commits", "--local", "web@1.0.0+b 1")
  const commits = await rows("web@1.0.0+b 1")
  expect(commits.map(({ message }) => message)).toEqual(["Add two.py", "Add one.py"])
  expect(commits[0]?.files).toEqual(["two.py"])
  expect(await cli("releases", "info", "-P", "-C", "web@1.0.0+b 1")).toContain("shop")

  await cli("deploys", "new", "-r", "web@1.0.0+b 1", "-e", "production", "-n", "blue")
  expect(await cli("deploys", "list", "-r", "web@1.0.0+b 1")).toContain("production")
}, 60_000)

test("refs by --auto once the repository is known, archived, restored and deleted", async () => {
  await Bun.write(join(repository, "three.py"), "three")
  await git("add", "three.py")
  await git("commit", "-q", "-m", "Add three.py")
  await cli("releases", "new", "web@1.1.0")
  await cli("releases", "set-commits", "--auto", "web@1.1.0")
  const [head] = await app.sql<{ sha: string }[]>`
    select h.sha from release_heads h join releases r on r.id = h.release_id where r.version = 'web@1.1.0'`
  expect(head?.sha).toBe((await git("rev-parse", "HEAD")).text.trim())

  await cli("releases", "archive", "web@1.1.0")
  expect(await cli("releases", "list")).not.toContain("web@1.1.0")
  await cli("releases", "restore", "web@1.1.0")
  expect(await cli("releases", "list")).toContain("web@1.1.0")
  expect(await cli("releases", "delete", "web@1.1.0")).toContain("Deleted release")
  expect(await cli("releases", "delete", "web@1.1.0")).toContain("Did nothing")
}, 60_000)
