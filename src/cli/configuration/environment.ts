import { type Config, type OptionKey, options } from "#config.ts"
import type { Environment, Layer } from "#platform/options/layers.ts"
import { nearestName } from "#platform/options/nearest.ts"
import { parseText } from "#platform/options/option.ts"
import { STORED_SOURCE } from "#platform/options/stored.ts"

/** Names of the on-premise image and of the trade. SENTRY_DSN, SENTRY_RELEASE and other names of SDKs are not ours. */
const VARIABLES = {
  DATABASE_URL: "database.url",
  REDIS_URL: "redis.url",
  REDIS_QUEUE_URL: "redis.queue-url",
  REDIS_QUOTA_URL: "redis.quota-url",
  REDIS_TSDB_URL: "redis.tsdb-url",
  SENTRY_LITE_DATA: "system.data-directory",
  SENTRY_SECRET_KEY: "system.secret-key",
  SENTRY_LOG_LEVEL: "system.logging-level",
  SENTRY_LOG_FORMAT: "system.logging-format",
  SENTRY_USE_SSL: "web.use-ssl",
  SENTRY_SERVER_EMAIL: "mail.from",
  SENTRY_EMAIL_HOST: "mail.host",
  SENTRY_EMAIL_PORT: "mail.port",
  SENTRY_EMAIL_USER: "mail.username",
  SENTRY_EMAIL_PASSWORD: "mail.password",
  SENTRY_EMAIL_USE_TLS: "mail.use-tls",
  SENTRY_EMAIL_USE_SSL: "mail.use-ssl",
  SENTRY_EMAIL_LIST_NAMESPACE: "mail.list-namespace",
} as const satisfies Record<string, OptionKey>

const PREFIX = "SENTRY__"

/** `mail.use-tls` -> `SENTRY__MAIL__USE_TLS`. */
function variableOf(key: string): string {
  return PREFIX + key.replaceAll(".", "__").replaceAll("-", "_").toUpperCase()
}

/**
 * The environment that gives another process exactly these values, whatever files it may read: ours as
 * SENTRY__SECTION__KEY, everybody else's as it was. Defaults and options of the database are left out.
 */
export function environmentFor(
  loaded: { values: Config; sources: ReadonlyMap<string, string> },
  environment: Environment,
): Environment {
  const foreign = Object.entries(environment).filter(([name]) => !isOurs(name))
  const set = (Object.keys(options) as OptionKey[]).filter(
    (key) => (loaded.sources.get(key) ?? STORED_SOURCE) !== STORED_SOURCE,
  )
  const ours = set.map((key) => [variableOf(key), written(loaded.values[key])])
  return Object.fromEntries([...foreign, ...ours])
}

/** The pieces that the on-premise image describes its services in. */
const PIECES =
  /^SENTRY_(POSTGRES_(HOST|PORT)|DB_(NAME|USER|PASSWORD)|REDIS_(HOST|PORT|DB|PASSWORD)|FILESTORE_DIR)$/

function isOurs(name: string): boolean {
  return name.startsWith(PREFIX) || Object.hasOwn(VARIABLES, name) || PIECES.test(name)
}

function written(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value)
}

/** The options that the environment sets; `used` are the names that were read, `unknown` what to warn of. */
export function readEnvironment(environment: Environment) {
  const layer: Layer = new Map()
  const used: { name: string; key: OptionKey }[] = []
  const set = (key: OptionKey, name: string, value: unknown) => {
    used.push({ name, key })
    layer.set(key, { value, at: `$${name}` })
  }
  for (const part of composed(environment)) {
    for (const name of part.names) set(part.key, name, part.value)
  }
  for (const key of Object.keys(options) as OptionKey[]) {
    const value = environment[variableOf(key)]
    if (value !== undefined) set(key, variableOf(key), parseText(options[key], value))
  }
  for (const [name, key] of Object.entries(VARIABLES)) {
    const value = environment[name]
    if (value) set(key, name, parseText(options[key], value))
  }
  return { layer, used, warnings: unknownVariables(environment) }
}

function unknownVariables(environment: Environment): string[] {
  const known = Object.keys(options).map(variableOf)
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith(PREFIX) && !known.includes(name),
  )
  return unknown.map((name) => {
    const nearest = nearestName(name, known)
    return `$${name}: Unknown config option found${nearest ? `; did you mean $${nearest}?` : ""}`
  })
}

type Composed = { key: OptionKey; names: string[]; value: unknown }

/** The image describes its services in pieces. */
function composed(environment: Environment): Composed[] {
  const parts: Composed[] = []
  const host = environment.SENTRY_POSTGRES_HOST
  if (host) {
    parts.push({
      key: "database.url",
      names: ["SENTRY_POSTGRES_HOST", "SENTRY_DB_PASSWORD"].filter((name) => environment[name]),
      value: serviceUrl("postgres", host, environment.SENTRY_POSTGRES_PORT || "5432", {
        user: environment.SENTRY_DB_USER || "postgres",
        password: environment.SENTRY_DB_PASSWORD ?? "",
        path: environment.SENTRY_DB_NAME || "postgres",
      }),
    })
  }
  const redis = environment.SENTRY_REDIS_HOST
  if (redis) {
    parts.push({
      key: "redis.url",
      names: ["SENTRY_REDIS_HOST", "SENTRY_REDIS_PASSWORD"].filter((name) => environment[name]),
      value: serviceUrl("redis", redis, environment.SENTRY_REDIS_PORT || "6379", {
        user: "",
        password: environment.SENTRY_REDIS_PASSWORD ?? "",
        path: environment.SENTRY_REDIS_DB || "0",
      }),
    })
  }
  const folder = environment.SENTRY_FILESTORE_DIR
  if (folder) {
    parts.push({
      key: "filestore.options",
      names: ["SENTRY_FILESTORE_DIR"],
      value: { location: folder },
    })
  }
  return parts
}

type ServiceUrlParts = { user: string; password: string; path: string }

export function serviceUrl(
  scheme: string,
  host: string,
  port: string,
  parts: ServiceUrlParts,
): string {
  const { user, password, path } = parts
  const login = password
    ? `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`
    : user && `${encodeURIComponent(user)}@`
  return `${scheme}://${login}${host.includes(":") ? `[${host}]` : host}:${port}/${encodeURIComponent(path)}`
}
