import { expect, setDefaultTimeout, test } from "bun:test"
import { chmodSync, existsSync, statSync } from "node:fs"
import { join } from "node:path"
import { cli, configFolder } from "../support/cli.ts"

// Each step is a process of its own, on a machine that may be busy.
setDefaultTimeout(60_000)

const SECRETS = {
  SENTRY_SECRET_KEY: "hidden-secret-key-hidden-secret-key",
  SENTRY_EMAIL_PASSWORD: "hidden-mail-password",
  SENTRY__FILESTORE__OPTIONS: '{"location":"/x","secret_key":"hidden-store-key"}',
}

test.each([
  [["config", "list"]],
  [["config", "list", "--json"]],
  [["config", "dump", "--defaults"]],
  [["config", "get", "mail.password"]],
  [["config", "get", "-q", "system.secret-key"]],
  [["config", "check", "--loglevel", "debug"]],
])("%j prints no secret", async (words) => {
  using folder = configFolder("")
  const { exitCode, stdout, stderr } = await cli(["--data", folder.path, ...words], {
    env: SECRETS,
  })
  expect(exitCode).toBe(0)
  expect(stdout + stderr).not.toContain("hidden")
})

test("--secrets prints them", async () => {
  using folder = configFolder("")
  const words = ["--data", folder.path, "config", "get", "-q", "mail.password", "--secrets"]
  expect((await cli(words, { env: SECRETS })).stdout).toBe("hidden-mail-password\n")
})

test("a wrong value is told with file and line, without the secret in it", async () => {
  using folder = configFolder("# mine\nmail.port: many\nmail.password: [hidden]\n")
  const { exitCode, stderr } = await cli(["--config", folder.path, "config", "check"])
  expect(exitCode).toBe(2)
  expect(stderr).toContain(
    `${folder.path}/config.yml:2: mail.port must be whole number, not "many"`,
  )
  expect(stderr).toContain(`${folder.path}/config.yml:3: mail.password must be text`)
  expect(stderr).not.toContain("hidden")
})

test("an unknown option warns, and fails a strict check", async () => {
  using folder = configFolder("mail.hots: x\n")
  const words = ["--config", folder.path, "config", "check"]
  const lenient = await cli(words)
  expect(lenient.exitCode).toBe(0)
  expect(lenient.stderr).toContain(
    "Unknown config option found: 'mail.hots'; did you mean 'mail.host'?",
  )
  expect((await cli([...words, "--strict"])).exitCode).toBe(1)
})

test("get shows type, value and where it comes from", async () => {
  using folder = configFolder("\nmail.port: 587\n")
  const words = ["--config", folder.path, "--data", folder.path, "config", "get", "mail.port"]
  const { stdout } = await cli(words)
  expect(stdout).toContain("type: whole number")
  expect(stdout).toContain(`from config: ${folder.path}/config.yml:2`)
  expect(stdout).toContain("current: 587")
})

test("init writes a config.yml that passes the strict check, and what --with names", async () => {
  using folder = configFolder("")
  const target = join(folder.path, "etc")
  const words = ["init", target, "--with", "all", "--url-prefix", "https://s.example.com"]
  const made = await cli(words)
  expect(made.exitCode).toBe(0)
  const paths = made.stdout.trimEnd().split("\n")
  expect(paths).toContain(join(target, "nginx/sentry-lite.conf"))
  expect(paths).toContain(join(target, "systemd/sentry-lite-web@.service"))
  expect(paths.every((path) => existsSync(path))).toBe(true)
  expect(statSync(join(target, "config.yml")).mode & 0o777).toBe(0o600)
  expect((await cli(["--config", target, "config", "check", "--strict"])).exitCode).toBe(0)
  const dump = await cli(["--config", target, "--data", target, "config", "dump"])
  expect(dump.stdout).toContain('system.url-prefix: "https://s.example.com"')
})

test("init leaves what is there alone unless it is forced", async () => {
  using folder = configFolder("mail.host: mine\n")
  const config = Bun.file(join(folder.path, "config.yml"))
  expect((await cli(["init", folder.path])).exitCode).toBe(3)
  expect(await config.text()).toBe("mail.host: mine\n")
  chmodSync(join(folder.path, "config.yml"), 0o644)
  expect((await cli(["init", folder.path, "--force"])).exitCode).toBe(0)
  expect(await config.text()).toContain("system.secret-key:")
  expect(statSync(join(folder.path, "config.yml")).mode & 0o777).toBe(0o600)
})

test("discover prints the files that are read", async () => {
  using folder = configFolder("")
  expect((await cli(["--config", folder.path, "config", "discover"])).stdout).toBe(
    `${folder.path}/config.yml\n`,
  )
})
