import type { Config } from "#config.ts"

const MIN_SECRET_KEY_CHARACTERS = 32

/** Values that each make sense but not together; one sentence each. */
export function contradictionsIn(config: Config): string[] {
  return rules.filter(([broken]) => broken(config)).map(([, sentence]) => sentence)
}

const rules: [(config: Config) => boolean, string][] = [
  [
    (config) => config["mail.use-tls"] && config["mail.use-ssl"],
    "mail.use-tls and mail.use-ssl exclude each other: STARTTLS (port 587) or TLS from the start (port 465)",
  ],
  [
    (config) => isBetween(config["system.secret-key"].length, 1, MIN_SECRET_KEY_CHARACTERS - 1),
    `system.secret-key needs at least ${MIN_SECRET_KEY_CHARACTERS} characters; make one with: sentry-lite config generate-secret-key`,
  ],
  [
    (config) => config["web.use-ssl"] && !config["system.url-prefix"].startsWith("https://"),
    "web.use-ssl wants a system.url-prefix that begins with https://",
  ],
  [
    (config) => config["ingest.max-event-bytes"] > config["ingest.max-envelope-bytes"],
    "ingest.max-event-bytes is more than ingest.max-envelope-bytes",
  ],
  [
    (config) => config["ingest.spool.segment-bytes"] * 2 > config["ingest.spool.max-bytes"],
    "ingest.spool.max-bytes must hold at least two of ingest.spool.segment-bytes",
  ],
  [
    (config) => config["auth.password.min-length"] > config["auth.password.max-length"],
    "auth.password.min-length is more than auth.password.max-length",
  ],
  [
    (config) => config["auth.session.idle"] > config["auth.session.max-age"],
    "auth.session.idle is more than auth.session.max-age",
  ],
  [
    (config) => config["filestore.backend"] === "s3" && !config["filestore.options"].bucket_name,
    "filestore.backend s3 wants bucket_name in filestore.options",
  ],
  [
    (config) =>
      config["redis.url"] === "" && rolesWithRedis(config) > 0 && rolesWithRedis(config) < 3,
    "redis.queue-url, redis.quota-url and redis.tsdb-url: give all three, or redis.url for the rest",
  ],
]

function isBetween(value: number, min: number, max: number): boolean {
  return value >= min && value <= max
}

function rolesWithRedis(config: Config): number {
  const urls = [config["redis.queue-url"], config["redis.quota-url"], config["redis.tsdb-url"]]
  return urls.filter((url) => url !== "").length
}
