import { expect, setDefaultTimeout, test } from "bun:test"
import { useToken } from "#accounts/tokens/tokens.ts"
import { connect } from "#platform/db.ts"
import { type CliAnswer, cli } from "../support/cli.ts"
import { testDatabase } from "../support/database.ts"

// Each step is a process of its own, on a machine that may be busy.
setDefaultTimeout(60_000)

const { sql, url } = await testDatabase()
const run = (words: string[], input = ""): Promise<CliAnswer> =>
  cli(words, { env: { DATABASE_URL: url }, input })
const PASSWORD = "correct horse staple"

test("a scripted bootstrap needs only what the commands print", async () => {
  expect((await run(["orgs", "create", "acme", "--name", "Acme"])).stdout).toBe("acme\n")
  const dsn = (
    await run([
      "projects",
      "create",
      "backend",
      "--org",
      "acme",
      "--platform",
      "node",
      "--dsn-only",
    ])
  ).stdout
  expect(dsn).toMatch(/^http:\/\/[0-9a-f]{32}@127\.0\.0\.1:9000\/\d+\n$/)
  expect((await run(["projects", "dsn", "acme/backend"])).stdout).toBe(dsn)
  const token = await run(["tokens", "create", "--org", "acme", "--scopes", "org:ci,project:read"])
  expect(token.stdout).toMatch(/^sntrys_\S+\n$/)
  const tokens = JSON.parse((await run(["tokens", "list", "--json"])).stdout)
  expect(tokens).toHaveLength(1)
  expect(tokens[0].scopes).toEqual(["org:ci", "project:read"])
  expect((await run(["tokens", "revoke", tokens[0].id])).exitCode).toBe(0)
  const flags = ["--org", "acme", "--scopes", "org:ci", "--json"]
  const made = JSON.parse((await run(["tokens", "create", ...flags])).stdout)
  expect(made.id).toMatch(/^\d+$/)
  expect((await run(["tokens", "revoke", made.id])).exitCode).toBe(0)
  expect((await run(["tokens", "list"])).stdout).toBe("")
  expect(JSON.parse((await run(["orgs", "list", "--json"])).stdout)).toMatchObject([
    { slug: "acme", name: "Acme" },
  ])
})

test("a token ends when it was said to", async () => {
  const make = (...words: string[]) =>
    run(["tokens", "create", "--org", "acme", "--scopes", "org:ci", ...words])
  for (const wrong of ["soon", "0d", "90", "-1d"]) {
    expect((await make(`--expires=${wrong}`)).exitCode).toBe(2)
  }
  const { token } = JSON.parse((await make("--expires", "90d", "--json")).stdout)
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
  expect(await useToken({ sql, clock: { now: () => inDays(89) } }, token)).not.toBeNull()
  expect(await useToken({ sql, clock: { now: () => inDays(91) } }, token)).toBeNull()
  const { stdout } = await run(["tokens", "list", "--org", "acme"])
  expect(stdout).toContain(inDays(90).toISOString().slice(0, 10))
})

test("names that would command a terminal are written out, except as JSON", async () => {
  const name = "\u001b]0;owned\u0007 \u009b31m\u202e\nline"
  await run(["orgs", "create", "tricky", "--name", "Tricky"])
  await sql`update organizations set name = ${name} where slug = 'tricky'`
  const { stdout } = await run(["orgs", "list"])
  expect(stdout).toContain("\\u001b]0;owned\\u0007 \\u009b31m\\u202e\\nline")
  expect(JSON.parse((await run(["orgs", "list", "--json"])).stdout)).toContainEqual(
    expect.objectContaining({ slug: "tricky", name }),
  )
  const refused = await run(["projects", "list", "--org", "\u001b[2Jnobody"])
  expect(refused.exitCode).toBe(1)
  expect(refused.stderr).not.toContain("\u001b")
  await sql`delete from organizations where slug = 'tricky'`
})

test("cleanup takes one project by name or id, and no size with it", async () => {
  await run(["orgs", "create", "tidy"])
  await run(["projects", "create", "shop", "--org", "tidy", "--platform", "node"])
  const [{ id }] = JSON.parse((await run(["projects", "list", "--org", "tidy", "--json"])).stdout)
  for (const project of ["tidy/shop", id]) {
    const { exitCode, stderr } = await run(["cleanup", "--days=30", "--project", project])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: expect.stringMatching(/^Removed 0 events and 0 issues; kept from \S+ on\.\n$/),
    })
  }
  expect((await run(["cleanup", "--project", "tidy/nothing"])).exitCode).toBe(1)
  const both = await run(["cleanup", "--project", id, "--max-bytes", "5000"])
  expect(both.exitCode).toBe(2)
})

test("what exists is 3, what is unknown is 1, what cannot be is 2", async () => {
  await run(["orgs", "create", "twice"])
  expect((await run(["orgs", "create", "twice"])).exitCode).toBe(3)
  expect((await run(["projects", "list", "--org", "nobody"])).exitCode).toBe(1)
  expect((await run(["orgs", "create", "Not A Slug"])).exitCode).toBe(2)
  // There are two organizations by now, so one must be named.
  const { exitCode, stderr } = await run(["projects", "create", "which"])
  expect(exitCode).toBe(2)
  expect(stderr).toContain("missing --org")
})

test("createuser tells of a user only once there is one", async () => {
  const words = ["createuser", "--email", "eve@example.com", "--no-password"]
  const { exitCode, stderr } = await run([...words, "--org", "nowhere"])
  expect(exitCode).toBe(1)
  expect(stderr).toBe('sentry-lite: There is no organization "nowhere".\n')
  expect((await sql`select 1 from users where email = 'eve@example.com'`).length).toBe(0)
})

test("createuser reads the password from standard input and never prints it", async () => {
  const words = ["createuser", "--email", "Ada@Example.com", "--password-stdin", "--superuser"]
  const made = await run([...words, "--org", "acme"], `${PASSWORD}\n`)
  expect(made.exitCode).toBe(0)
  expect(made.stderr).toContain("User created: ada@example.com")
  expect(made.stderr).toContain("Added to organization: acme")
  expect(made.stdout + made.stderr).not.toContain(PASSWORD)
  const [user] =
    await sql`select is_superuser, password_hash from users where email = 'ada@example.com'`
  expect(user?.isSuperuser).toBe(true)
  expect(await Bun.password.verify(PASSWORD, user?.passwordHash)).toBe(true)
  const [member] = await sql`select role from org_members where email = 'ada@example.com'`
  expect(member?.role).toBe("owner")
  expect((await run(words, PASSWORD)).exitCode).toBe(3)
})

test("--force-update changes password and rights of a user who exists", async () => {
  const words = ["createuser", "--email", "bob@example.com"]
  await run([...words, "--no-password", "--org", "acme"])
  const updated = await run([...words, "--password", PASSWORD, "--superuser", "--force-update"])
  expect(updated.stderr).toContain("User updated: bob@example.com")
  const [user] =
    await sql`select is_superuser, password_hash from users where email = 'bob@example.com'`
  expect(user?.isSuperuser).toBe(true)
  expect(await Bun.password.verify(PASSWORD, user?.passwordHash)).toBe(true)
})

test("a weak password is refused in words", async () => {
  const { exitCode, stderr } = await run([
    "createuser",
    "--email",
    "c@example.com",
    "--password",
    "x",
  ])
  expect(exitCode).toBe(2)
  expect(stderr).toContain("Use at least 12 characters")
})

test("options set in the database are seen until they are deleted", async () => {
  expect((await run(["config", "set", "mail.port", "2525"])).exitCode).toBe(0)
  expect((await run(["config", "get", "-q", "mail.port"])).stdout).toBe("2525\n")
  expect((await run(["config", "get", "mail.port"])).stdout).toContain("from config: database")
  expect((await run(["config", "set", "mail.port", "lots"])).exitCode).toBe(2)
  expect((await run(["config", "set", "database.pool-size", "3"])).exitCode).toBe(6)
  const locked = await cli(["config", "set", "mail.port", "1"], {
    env: { DATABASE_URL: url, SENTRY_EMAIL_PORT: "25" },
  })
  expect(locked.exitCode).toBe(6)
  expect((await run(["config", "delete", "mail.port"])).exitCode).toBe(0)
  expect((await run(["config", "delete", "mail.port"])).exitCode).toBe(3)
})

test("a secret is set from standard input, and sealed", async () => {
  const words = ["config", "set", "mail.password", "--stdin"]
  const keyless = await run(words, "hidden\n")
  expect(keyless.exitCode).not.toBe(0)
  expect(keyless.stderr).toContain("system.secret-key")
  const env = { DATABASE_URL: url, SENTRY_SECRET_KEY: "k".repeat(32) }
  expect((await cli(words, { env, input: "hidden\n" })).exitCode).toBe(0)
  const shown = await cli(["config", "get", "-q", "mail.password"], { env })
  expect(shown.stdout).toBe("********\n")
  const [row] = await sql`select value::text as value from options where key = 'mail.password'`
  expect(row?.value).toContain("sealed")
  expect(row?.value).not.toContain("hidden")
})

test("upgrade makes an empty database ready, and then has nothing to do", async () => {
  const name = `sl_test_upgrade_${process.pid}`
  await sql.unsafe(`create database ${name}`)
  const env = { DATABASE_URL: url.replace(/[^/]+$/, name) }
  try {
    const older = await cli(["orgs", "list"], { env })
    expect(older.exitCode).toBe(1)
    expect(older.stderr).toContain("run: sentry-lite upgrade")
    expect((await cli(["upgrade", "--check"], { env })).exitCode).toBe(1)
    const first = await cli(["upgrade", "--noinput"], { env })
    expect(first.exitCode).toBe(0)
    expect(first.stderr).toContain("Applied 0001_accounts")
    expect(first.stderr).toContain("createuser --superuser")
    expect((await cli(["upgrade", "--check"], { env })).exitCode).toBe(0)
    expect((await cli(["orgs", "list"], { env })).exitCode).toBe(0)
  } finally {
    await sql.unsafe(`drop database ${name} with (force)`)
  }
})

test("two upgrades at once: the one that waits in vain is 5", async () => {
  const holder = connect(url, { max: 1 })
  await holder`select pg_advisory_lock(7300002)`
  const { exitCode, stderr } = await run(["upgrade", "--noinput", "--lock-timeout", "0"])
  await holder.end()
  expect(exitCode).toBe(5)
  expect(stderr).toContain("Unable to acquire 'upgrade' lock.")
})

test("a schema of a newer program that needs a newer program is refused", async () => {
  await sql`insert into schema_migrations (name, sha256, oldest_program) values ('9999_x', '', '99.0.0')`
  const { exitCode, stderr } = await run(["orgs", "list"])
  await sql`update schema_migrations set oldest_program = '0.1.0' where name = '9999_x'`
  const tolerated = await run(["orgs", "list"])
  await sql`delete from schema_migrations where name = '9999_x'`
  expect(exitCode).toBe(1)
  expect(stderr).toContain("needs sentry-lite 99.0.0 or newer")
  expect(tolerated.exitCode).toBe(0)
})
