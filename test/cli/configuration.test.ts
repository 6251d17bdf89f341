import { afterAll, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type ConfigRequest, loadConfig } from "#cli/configuration/load.ts"
import { messageOf } from "#platform/errors.ts"

const root = mkdtempSync(join(tmpdir(), "sl-config-"))
afterAll(() => rmSync(root, { recursive: true }))

let folders = 0
/** A folder with a config.yml of these lines. */
function givenConfig(text: string, parts: Record<string, string> = {}): string {
  const folder = join(root, String(folders++))
  mkdirSync(join(folder, "conf.d"), { recursive: true })
  writeFileSync(join(folder, "config.yml"), text)
  for (const [name, part] of Object.entries(parts))
    writeFileSync(join(folder, "conf.d", name), part)
  return folder
}

const KEY = "k".repeat(50)

test("command line beats environment beats conf.d beats config.yml beats default", () => {
  const config = givenConfig(
    "mail.host: file\nmail.port: 1\nmail.username: file\nmail.from: file\n",
    {
      "20-b.yml": "mail.from: second\n",
      "10-a.yml": "mail.from: first\nmail.port: 2\nmail.username: part\n",
    },
  )
  const flags: ConfigRequest["flags"] = [["mail.host", "--mail-host", "flag"]]
  const loaded = loadConfig(
    { config, flags },
    { SENTRY_EMAIL_HOST: "env", SENTRY_EMAIL_USER: "env" },
  )
  expect(loaded.config["mail.host"]).toBe("flag")
  expect(loaded.config["mail.username"]).toBe("env")
  expect(loaded.config["mail.from"]).toBe("second")
  expect(loaded.config["mail.port"]).toBe(2)
  expect(loaded.config["mail.timeout"]).toBe(10)
  expect(loaded.sources.get("mail.host")).toBe("--mail-host")
  expect(loaded.sources.get("mail.username")).toBe("$SENTRY_EMAIL_USER")
  expect(loaded.sources.get("mail.port")).toEndWith("conf.d/10-a.yml:2")
  expect(loaded.sources.get("mail.timeout")).toBeUndefined()
})

test("the variables of the on-premise image describe PostgreSQL, Redis and mail", () => {
  const { config } = loadConfig(
    { config: givenConfig("") },
    {
      SENTRY_POSTGRES_HOST: "db",
      SENTRY_DB_USER: "u",
      SENTRY_DB_PASSWORD: "p@ss/word",
      SENTRY_DB_NAME: "sentry",
      SENTRY_REDIS_HOST: "cache",
      SENTRY_REDIS_PASSWORD: "r",
      SENTRY_REDIS_DB: "3",
      SENTRY_SECRET_KEY: KEY,
      SENTRY_SERVER_EMAIL: "s@example.com",
      SENTRY_EMAIL_PORT: "587",
      SENTRY_EMAIL_USE_TLS: "True",
      SENTRY_LOG_LEVEL: "warning",
      SENTRY_FILESTORE_DIR: "/files",
      SENTRY_DSN: "https://a@b/1",
      SENTRY_RELEASE: "1",
    },
  )
  expect(config["database.url"]).toBe("postgres://u:p%40ss%2Fword@db:5432/sentry")
  expect(config["redis.url"]).toBe("redis://:r@cache:6379/3")
  expect(config["mail.port"]).toBe(587)
  expect(config["mail.use-tls"]).toBe(true)
  expect(config["mail.from"]).toBe("s@example.com")
  expect(config["system.logging-level"]).toBe("WARN")
  expect(config["filestore.options"]).toEqual({ location: "/files" })
})

test("an empty variable counts as none, as compose files hand them over", () => {
  const { config } = loadConfig(
    { config: givenConfig("") },
    {
      SENTRY_POSTGRES_HOST: "db",
      SENTRY_POSTGRES_PORT: "",
      SENTRY_REDIS_HOST: "cache",
      SENTRY_REDIS_PORT: "",
      SENTRY_EMAIL_PORT: "",
    },
  )
  expect(config["database.url"]).toBe("postgres://postgres@db:5432/postgres")
  expect(config["redis.url"]).toBe("redis://cache:6379/0")
  expect(config["mail.port"]).toBe(25)
})

test.each([
  ["DATABASE_URL", "mysql://u:topsecret@h/d", "database.url must be postgres://"],
  ["DATABASE_URL", "postgres://u:topsecret@:x/d", "database.url must be postgres://"],
  ["DATABASE_URL", "u:topsecret@h", "database.url must be postgres://"],
  ["REDIS_URL", "http://u:topsecret@h", "redis.url must be redis://"],
  ["REDIS_QUEUE_URL", "redis://u:topsecret@h:port", "redis.queue-url must be redis://"],
])("%s=%s is refused before anything connects, without its password", (name, url, message) => {
  let complaint = ""
  try {
    loadConfig({ config: givenConfig("") }, { [name]: url })
  } catch (error) {
    complaint = messageOf(error)
  }
  expect(complaint).toContain(`$${name}: ${message}`)
  expect(complaint).not.toContain("topsecret")
})

test("a PostgreSQL behind a Unix socket needs no host, and keeps its folder", () => {
  for (const written of ["postgres://u@/sentry?host=/run/postgresql", "postgres:///sentry"]) {
    const { config } = loadConfig({ config: givenConfig("") }, { DATABASE_URL: written })
    expect(config["database.url"]).toBe(written.replace("@/", "@localhost/"))
  }
})

test("a file that is there but cannot be read is told, not passed over", () => {
  const folder = givenConfig("")
  const part = join(folder, "conf.d", "10-folder.yml")
  mkdirSync(part)
  expect(() => loadConfig({ config: folder }, {})).toThrow(`${part} cannot be read: EISDIR`)
})

test("DATABASE_URL beats the pieces, SENTRY__SECTION__KEY sets anything", () => {
  const { config } = loadConfig(
    { config: givenConfig("") },
    {
      DATABASE_URL: "postgres://x/y",
      SENTRY_POSTGRES_HOST: "db",
      SENTRY__INGEST__SPOOL__MAX_BYTES: "1073741824",
      SENTRY__WEB__TRUSTED_PROXIES: "10.0.0.1/32, 10.0.0.2/32",
      SENTRY__FILESTORE__OPTIONS: '{"location":"/x"}',
      SENTRY__MAIL__SUBJECT_PREFIX: "",
    },
  )
  expect(config["database.url"]).toBe("postgres://x/y")
  expect(config["ingest.spool.max-bytes"]).toBe(1_073_741_824)
  expect(config["web.trusted-proxies"]).toEqual(["10.0.0.1/32", "10.0.0.2/32"])
  expect(config["filestore.options"]).toEqual({ location: "/x" })
})

test("an unknown SENTRY__ variable is named with the nearest one", () => {
  const { warnings } = loadConfig({ config: givenConfig("") }, { SENTRY__MAIL__HOTS: "x" })
  expect(warnings).toEqual([
    "$SENTRY__MAIL__HOTS: Unknown config option found; did you mean $SENTRY__MAIL__HOST?",
  ])
})

test("secrets leave the environment and are kept for children", () => {
  const environment = {
    DATABASE_URL: "postgres://u:p@h/d",
    SENTRY_SECRET_KEY: KEY,
    MAIL_SECRET: "m",
    SENTRY_EMAIL_HOST: "h",
  }
  const config = givenConfig("mail.password: env:MAIL_SECRET\n")
  const loaded = loadConfig({ config }, environment)
  expect(environment).toEqual({ SENTRY_EMAIL_HOST: "h" } as typeof environment)
  expect(loaded.config["mail.password"]).toBe("m")
  expect(loaded.secretVariables).toEqual({
    DATABASE_URL: "postgres://u:p@h/d",
    SENTRY_SECRET_KEY: KEY,
    MAIL_SECRET: "m",
  })
})

test("Sentry's redis.clusters with one host is understood, with more it is refused", () => {
  const one = givenConfig(
    "redis.clusters:\n  default:\n    hosts:\n      0: {host: r, port: 6380}\n",
  )
  expect(loadConfig({ config: one }, {}).config["redis.url"]).toBe("redis://r:6380/0")
  const two = givenConfig("redis.clusters:\n  default:\n    hosts: {0: {host: a}, 1: {host: b}}\n")
  expect(() => loadConfig({ config: two }, {})).toThrow("config.yml:1: redis.clusters")
})

test.each([
  ["mail.use-tls: true\nmail.use-ssl: true\n", "exclude each other"],
  ["system.secret-key: short\n", "at least 32 characters"],
  ["web.use-ssl: true\nsystem.url-prefix: http://a.example.com\n", "begins with https://"],
  ["system.url-prefix: sentry.example.com\n", "config.yml:1: system.url-prefix must be an http://"],
  ["filestore.backend: s3\n", "bucket_name"],
  ["redis.queue-url: redis://a\n", "give all three"],
  ["mail.port: '25'\n", 'config.yml:1: mail.port must be whole number, not "25"'],
])("%j is refused", (text, message) => {
  expect(() => loadConfig({ config: givenConfig(text) }, {})).toThrow(message)
})

test("a time that no clock strikes is refused before cron waits for it", () => {
  const scheduled = (when: string) => {
    const flags: ConfigRequest["flags"] = [["cleanup.schedule", "test", when]]
    return loadConfig({ config: givenConfig(""), flags }, {}).config["cleanup.schedule"]
  }
  expect(scheduled("30 4 * * 1-5")).toBe("30 4 * * 1-5")
  expect(scheduled("")).toBe("")
  for (const wrong of ["nightly", "0 3 * *", "61 3 * * *", "0 0 3 * * *", "@daily"]) {
    expect(() => scheduled(wrong)).toThrow("cleanup.schedule")
  }
})

test("the address loses the slash at its end", () => {
  const config = givenConfig("system.url-prefix: https://a.example.com/\n")
  expect(loadConfig({ config }, {}).config["system.url-prefix"]).toBe("https://a.example.com")
})

test("the data folder's config.yml is found, and --config goes before it", () => {
  const data = givenConfig("mail.host: data\n")
  expect(loadConfig({ data }, {}).config["mail.host"]).toBe("data")
  expect(loadConfig({}, { SENTRY_LITE_DATA: data }).config["mail.host"]).toBe("data")
  expect(loadConfig({ data }, {}).config["system.data-directory"]).toBe(data)
  const config = givenConfig("mail.host: named\n")
  expect(loadConfig({ data, config }, {}).config["mail.host"]).toBe("named")
  expect(loadConfig({ data }, { SENTRY_CONF: config }).config["mail.host"]).toBe("named")
  expect(() => loadConfig({ config: join(root, "nowhere") }, {})).toThrow("there is no config.yml")
})
