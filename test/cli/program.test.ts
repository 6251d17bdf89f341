import { expect, setDefaultTimeout, test } from "bun:test"
import { buildProgram, withDescendants } from "#cli/program.ts"
import { cli } from "../support/cli.ts"

// Each step is a process of its own, on a machine that may be busy.
setDefaultTimeout(60_000)

const commands = withDescendants(buildProgram())
const pathOf = (command: (typeof commands)[number]): string =>
  command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()

test.each(commands.map((command) => [pathOf(command), command] as const))(
  "%s explains itself, its options and its arguments",
  (_path, command) => {
    expect(command.description()).toMatch(/\S/)
    for (const option of command.options) expect(option.description).toMatch(/\S/)
    for (const argument of command.registeredArguments) expect(argument.description).toMatch(/\S/)
    const lines = command.helpInformation().split("\n")
    expect(lines.filter((line) => line.length > 100)).toEqual([])
  },
)

test("--help answers on standard output with 0, on every level", async () => {
  for (const words of [["--help"], ["config", "--help"], ["config", "set", "--help"]]) {
    const { exitCode, stdout, stderr } = await cli(words)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" })
    expect(stdout).toStartWith(`Usage: sentry-lite ${words.slice(0, -1).join(" ")}`.trimEnd())
  }
})

test.each([
  [[], "Usage:"],
  [["nonsense"], "unknown command 'nonsense'"],
  [["config", "get"], "missing required argument 'key'"],
  [["config", "list", "--colour"], "unknown option '--colour'"],
  [["config", "get", "mail.hots"], "there is no option mail.hots; did you mean mail.host?"],
  [["config", "generate-secret-key", "--length", "5"], "--length must be"],
  [["--config", "/nowhere", "config", "check"], "there is no config.yml at /nowhere"],
  [["createuser"], "missing --email"],
])("%j is a usage error: 2 on standard error", async (words, message) => {
  const { exitCode, stdout, stderr } = await cli(words)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" })
  expect(stderr).toContain(message)
})

test("a database that is away is 4, whatever is asked of it", async () => {
  const env = { DATABASE_URL: "postgres://u:topsecret@127.0.0.1:1/x" }
  for (const words of [
    ["orgs", "list"],
    ["upgrade", "--noinput"],
    ["config", "set", "mail.host", "x"],
  ]) {
    const { exitCode, stderr } = await cli(words, { env })
    expect([words, exitCode]).toEqual([words, 4])
    expect(stderr).toContain("cannot reach the database")
    expect(stderr).not.toContain("topsecret")
  }
})

test("version and secret key are printed alone, also with old flags", async () => {
  expect((await cli(["version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  const key = await cli(["config", "generate-secret-key", "--noinput"])
  expect(key.stdout).toMatch(/^[a-z0-9!@#%^&*(\-_=+)]{50}\n$/)
  expect(key.stderr).toBe("")
})

test("health of a web that is not there is 1", async () => {
  const { exitCode, stderr } = await cli(["health", "--url", "http://127.0.0.1:1"])
  expect(exitCode).toBe(1)
  expect(stderr).toContain("does not answer")
})

test("health waits until web is well", async () => {
  let asked = 0
  const server = Bun.serve({
    port: 0,
    fetch: () => new Response(++asked < 3 ? "starting" : "ok", { status: asked < 3 ? 503 : 200 }),
  })
  const url = `http://127.0.0.1:${server.port}/`
  expect(await cli(["health", "--url", url, "--wait", "10"])).toMatchObject({
    exitCode: 0,
    stdout: "ok\n",
  })
  const { stdout } = await cli(["health", "--url", url, "--json"])
  expect(JSON.parse(stdout)).toEqual({ url: `${url}_health/?full`, isWell: true, checks: null })
  await server.stop(true)
})
