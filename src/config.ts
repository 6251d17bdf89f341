import {
  address,
  choice,
  counts,
  crontab,
  flag,
  list,
  logLevel,
  map,
  postgresUrl,
  redisUrl,
  secret,
  stored,
  text,
  type ValuesOf,
  whole,
} from "#platform/options/option.ts"
import { applyStoredOptions, type StoredOption } from "#platform/options/stored.ts"

/** What limits can be set for, in the words of rate-limit headers; attachments are counted in bytes. */
export const LIMITED_CATEGORIES = [
  "error",
  "transaction",
  "attachment",
  "session",
  "feedback",
  "monitor",
  "log_item",
  "span",
  "profile",
  "replay",
  "trace_metric",
] as const

const MIB = 1024 * 1024
const GIB = 1024 * MIB
const DAY_SECONDS = 86_400
const INT = 2_147_483_647
const BYTES = Number.MAX_SAFE_INTEGER

/** Every option there is. Names are Sentry's where Sentry has the option. */
export const options = {
  "system.data-directory": text("", "Folder of everything on disk; empty: see --data."),
  "system.url-prefix": stored(address("Address people and SDKs use, https://sentry.example.com.")),
  "system.internal-url-prefix": address(
    "Address the processes reach web at; empty: host and port of web.",
  ),
  "system.ingest-url-prefix": stored(address("Address in DSNs, when it is not system.url-prefix.")),
  "system.admin-email": stored(text("", "Whom pages and mails name as the administrator.")),
  "system.secret-key": secret(
    text("", "Signs links and sessions; 32 characters or more; the same on every host."),
  ),
  "system.rate-limit": stored(
    whole(0, [0, INT], "Errors a minute of the whole installation; 0 = no limit."),
  ),
  "system.event-retention-days": stored(
    whole(90, [0, 3650], "Days that events are kept; 0 = for ever."),
  ),
  "system.retention-max-bytes": stored(
    whole(0, [0, BYTES], "Size of the database above which the oldest days go; 0 = no limit."),
  ),
  "system.logging-format": choice(
    ["human", "machine"],
    "human",
    "machine writes one JSON object a line.",
  ),
  "system.logging-level": logLevel("INFO", "The least urgent lines that are logged."),
  "system.default-timezone": stored(
    text("UTC", "Time zone of pages and mails for people who chose none."),
  ),

  "web.host": text("127.0.0.1", "Address that web listens on."),
  "web.port": whole(9000, [0, 65535], "Port that web listens on; 0 = a free one."),
  "web.workers": whole(1, [1, 64], "Processes of `run web` and `run all` that share the port."),
  "web.trusted-proxies": list(
    ["127.0.0.1/32", "::1/128"],
    "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
  ),
  "web.use-ssl": flag(false, "Refuses to start unless system.url-prefix is https."),
  "web.read-timeout": whole(
    10,
    [1, 255],
    "Seconds a client may be silent before its connection is closed.",
  ),
  "web.drain-timeout": whole(
    20,
    [0, 3600],
    "Seconds that requests under way have to finish when web stops.",
  ),
  "web.access-log": flag(true, "Logs a line for each request that is not ingestion."),

  "database.url": secret(
    postgresUrl("postgres://user:password@host/name; empty: the PostgreSQL inside the program."),
  ),
  "database.pool-size": whole(10, [1, 1000], "Connections of one process to PostgreSQL."),
  "database.statement-timeout-ms": whole(
    15_000,
    [0, INT],
    "Milliseconds a page's statement may take; 0 = no limit.",
  ),
  "database.lock-timeout-ms": whole(
    3000,
    [0, INT],
    "Milliseconds a page's statement may wait for a lock; 0 = no limit.",
  ),
  "database.partitions-ahead": whole(7, [2, 90], "Days whose partitions are made ahead of time."),

  "redis.url": secret(
    redisUrl(
      "redis://host:6379/0, also rediss://, redis+sentinel://, redis+cluster://; empty: no Redis.",
    ),
  ),
  "redis.queue-url": secret(redisUrl("Redis of the ingest queue; empty: redis.url.")),
  "redis.quota-url": secret(redisUrl("Redis of the rate limits; empty: redis.url.")),
  "redis.tsdb-url": secret(redisUrl("Redis of the live series; empty: redis.url.")),

  "ingest.spool.dir": text(
    "",
    "Folder of accepted events on their way; empty: spool in the data folder.",
  ),
  "ingest.spool.max-bytes": whole(
    2 * GIB,
    [MIB, BYTES],
    "Size of the spool above which events are answered 429.",
  ),
  "ingest.spool.segment-bytes": whole(
    64 * MIB,
    [MIB / 16, GIB],
    "Size at which the spool begins a new file.",
  ),
  "ingest.spool.min-free-bytes": whole(
    GIB,
    [0, BYTES],
    "Free space of the disk below which events are answered 429.",
  ),
  "ingest.queue.shards": whole(
    1,
    [1, 64],
    "Streams that the ingest queue in Redis is spread over.",
  ),
  "ingest.queue.max-entries": whole(
    500_000,
    [1000, INT],
    "Messages in Redis above which the rest waits in the spool.",
  ),
  "ingest.queue.max-bytes": whole(
    GIB,
    [MIB, BYTES],
    "Bytes in Redis above which the rest waits in the spool.",
  ),
  "ingest.max-compressed-bytes": whole(
    20 * MIB,
    [1024, GIB],
    "Largest body as it comes over the wire.",
  ),
  "ingest.max-event-bytes": whole(MIB, [1024, 64 * MIB], "Largest event, unpacked."),
  "ingest.max-attachment-bytes": whole(100 * MIB, [0, GIB], "Largest attachment, unpacked."),
  "ingest.max-envelope-bytes": whole(100 * MIB, [1024, GIB], "Largest envelope, unpacked."),
  "ingest.max-envelope-items": whole(100, [1, 10_000], "Most items in one envelope."),
  "ingest.max-json-depth": whole(128, [8, 1000], "Deepest nesting of an event's JSON."),
  "ingest.max-json-keys": whole(
    100_000,
    [1000, 10_000_000],
    "Most members of objects and lists in an event's JSON.",
  ),
  "ingest.sampling.enabled": stored(
    flag(
      false,
      "Keeps all details of only some events of noisy issues; numbers, tags and stack traces of all.",
    ),
  ),
  "ingest.scrub.defaults": stored(
    flag(true, "Removes what looks like passwords, tokens and card numbers from events."),
  ),
  "ingest.scrub.ip": stored(flag(false, "Removes IP addresses from events.")),
  "ingest.scrub.fields": stored(
    list([], "More names of fields whose values are removed from events."),
  ),
  "ingest.scrub.safe-fields": stored(list([], "Names of fields that are never removed.")),

  "worker.concurrency": whole(1, [1, 64], "Worker processes of `run all`."),
  "worker.batch-size": whole(500, [1, 5000], "Most messages that a worker takes at once."),
  "worker.batch-wait-ms": whole(
    50,
    [0, 10_000],
    "Milliseconds a worker waits for a batch to fill.",
  ),
  "worker.claim-idle-ms": whole(
    30_000,
    [1000, INT],
    "Milliseconds after which another worker's unfinished messages are taken over.",
  ),
  "worker.max-deliveries": whole(
    5,
    [2, 100],
    "Deliveries after which a message goes to the dead letters unread.",
  ),
  "worker.dlq.retention-days": whole(30, [1, 3650], "Days that dead letters are kept."),

  "quota.instance-default": stored(
    counts({}, LIMITED_CATEGORIES, "Items of the whole installation in one window, by category."),
  ),
  "quota.organization-default": stored(
    whole(0, [0, INT], "Errors of an organization in one window; 0 = no limit."),
  ),
  "quota.project-default": stored(
    whole(0, [0, INT], "Errors of a project in one window; 0 = no limit."),
  ),
  "quota.key-default": stored(
    whole(0, [0, INT], "Errors of a key without a limit of its own in one window; 0 = no limit."),
  ),
  "quota.window-seconds": stored(whole(60, [1, DAY_SECONDS], "Length of that window.")),
  "project-abuse-quota.window": stored(
    whole(10, [1, 3600], "Seconds over which the limits below are averaged."),
  ),
  "project-abuse-quota.error-limit": stored(
    whole(0, [0, INT], "Errors of a project a second; 0 = no limit."),
  ),
  "project-abuse-quota.transaction-limit": stored(
    whole(0, [0, INT], "Transactions of a project a second; 0 = no limit."),
  ),
  "project-abuse-quota.attachment-limit": stored(
    whole(0, [0, INT], "Bytes of attachments of a project a second; 0 = no limit."),
  ),
  "project-abuse-quota.session-limit": stored(
    whole(0, [0, INT], "Sessions of a project a second; 0 = no limit."),
  ),
  "organization-abuse-quota.window": stored(
    whole(10, [1, 3600], "Seconds over which the limits below are averaged."),
  ),
  "organization-abuse-quota.error-limit": stored(
    whole(0, [0, INT], "Errors of an organization a second; 0 = no limit."),
  ),
  "organization-abuse-quota.transaction-limit": stored(
    whole(0, [0, INT], "Transactions of an organization a second; 0 = no limit."),
  ),
  "organization-abuse-quota.attachment-limit": stored(
    whole(0, [0, INT], "Bytes of attachments of an organization a second; 0 = no limit."),
  ),
  "organization-abuse-quota.session-limit": stored(
    whole(0, [0, INT], "Sessions of an organization a second; 0 = no limit."),
  ),

  "auth.ip-rate-limit": stored(
    whole(20, [0, INT], "Failed log-ins a minute from one address; 0 = no limit."),
  ),
  "auth.user-rate-limit": stored(
    whole(10, [0, INT], "Failed log-ins a minute to one account; 0 = no limit."),
  ),
  "auth.password.min-length": stored(whole(12, [8, 128], "Shortest password, in characters.")),
  "auth.password.max-length": stored(whole(1024, [64, 4096], "Longest password, in characters.")),
  "auth.password.argon2-memory-kib": whole(
    19_456,
    [8192, 1_048_576],
    "Memory that hashing a password takes.",
  ),
  "auth.password.argon2-time": whole(2, [1, 20], "Passes that hashing a password makes."),
  "auth.password.hash-concurrency": whole(
    2,
    [1, 64],
    "Passwords that one process hashes side by side.",
  ),
  "auth.session.max-age": stored(
    whole(14 * DAY_SECONDS, [300, 365 * DAY_SECONDS], "Seconds after which a session ends."),
  ),
  "auth.session.idle": stored(
    whole(DAY_SECONDS, [60, 365 * DAY_SECONDS], "Seconds after which an unused session ends."),
  ),
  "auth.invite-ttl-hours": stored(whole(168, [1, 8760], "Hours that an invitation is open.")),
  "auth.reset-ttl-minutes": stored(
    whole(60, [5, 10_080], "Minutes that a link to set a new password works."),
  ),
  "api.rate-limit.user": stored(
    whole(600, [0, INT], "API requests a minute of one user; 0 = no limit."),
  ),
  "api.rate-limit.token": stored(
    whole(600, [0, INT], "API requests a minute of one token; 0 = no limit."),
  ),

  "mail.backend": stored(
    choice(["smtp", "console", "dummy"], "smtp", "console prints mails, dummy throws them away."),
  ),
  "mail.host": stored(text("localhost", "SMTP server.")),
  "mail.port": stored(whole(25, [1, 65535], "Port of the SMTP server.")),
  "mail.username": stored(text("", "Name to log in to the SMTP server with; empty: no log-in.")),
  "mail.password": stored(secret(text("", "Password to log in to the SMTP server with."))),
  "mail.use-tls": stored(flag(false, "Sends only after STARTTLS.")),
  "mail.use-ssl": stored(flag(false, "Speaks TLS from the first byte, as on port 465.")),
  "mail.from": stored(
    text(
      "root@localhost",
      "Sender of mails; a name may stand before it: Sentry <sentry@example.com>.",
    ),
  ),
  "mail.subject-prefix": stored(
    text("", "Begins the subject of mails; brackets break threads in Gmail."),
  ),
  "mail.ca-file": stored(
    text("", "File of more certificate authorities (PEM) to believe the SMTP server's TLS by."),
  ),
  "mail.list-namespace": stored(
    text("", "Domain in List-Id and Message-Id; empty: that of system.url-prefix."),
  ),
  "mail.timeout": stored(whole(10, [1, 600], "Seconds the SMTP server has for an answer.")),

  "filestore.backend": choice(
    ["filesystem", "s3"],
    "filesystem",
    "Where attachments and other files are kept.",
  ),
  "filestore.options": secret(
    map(
      {},
      "filesystem: location; s3: bucket_name, region_name, endpoint_url, access_key, secret_key.",
    ),
  ),
  "filestore.max-upload-bytes": whole(
    2 * GIB,
    [MIB, BYTES],
    "Largest bundle of source maps or debug files that is taken.",
  ),
  "filestore.max-bundle-files": whole(20_000, [1, 1_000_000], "Most files in one bundle."),
  "filestore.max-unpacked-bytes": whole(
    4 * GIB,
    [MIB, BYTES],
    "Size of all files of a bundle together, unpacked.",
  ),

  "sourcemaps.cache-bytes": whole(
    256 * MIB,
    [MIB, BYTES],
    "Memory for source maps and debug files that each worker keeps open.",
  ),
  "sourcemaps.scrape": flag(
    false,
    "Lets projects have scripts and maps that nobody uploaded fetched from the web.",
  ),

  "outbound.allowed-ips": list(
    [],
    "Addresses and networks that are fetched from although they are private or reserved.",
  ),
  "outbound.disallowed-ips": list(
    [],
    "Addresses and networks that nothing is fetched from, besides private and reserved ones.",
  ),
  "outbound.allowed-ports": list(["80", "443"], "Ports that may be fetched from."),
  "outbound.max-bytes": whole(
    40 * MIB,
    [MIB, 256 * MIB],
    "Largest file that is fetched, unpacked.",
  ),

  "geoip.path-mmdb": text(
    "",
    "MaxMind database (.mmdb) of cities or countries that locates users' addresses; empty: none.",
  ),
  "metrics.allowed-ips": list(
    ["127.0.0.1/32", "::1/128"],
    "Addresses that may read /_health/?full.",
  ),
  "cleanup.schedule": crontab("0 3 * * *", "When cron runs cleanup (UTC); empty: never."),
} as const

export type Config = Readonly<ValuesOf<typeof options>>
export type OptionKey = keyof typeof options

/** The defaults with some values of one's own: what a test or a tool starts an app with. */
export function configWith(values: Partial<Config>): Config {
  const defaults = Object.entries(options).map(([key, option]) => [key, option.initial])
  return { ...Object.fromEntries(defaults), ...values } as Config
}

/** Where people and SDKs reach this installation: what somebody said, else this machine's own address. */
export function publicAddress(config: Config): string {
  return config["system.url-prefix"] || localAddress(config)
}

/** What DSNs begin with. */
export function ingestPrefix(config: Config): string {
  return config["system.ingest-url-prefix"] || publicAddress(config)
}

/** Where this machine reaches its own web: an address to listen on is not always one to call. */
export function localAddress(config: Config): string {
  const internal = config["system.internal-url-prefix"]
  if (internal) return internal
  const host = config["web.host"]
  const callable = { "0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1" }[host] ?? host
  return `http://${callable.includes(":") ? `[${callable}]` : callable}:${config["web.port"]}`
}

/** Lays the rows of the table `options` under `loaded`, in place, and returns what was ignored and why. */
export function applyDatabaseOptions(
  loaded: { values: Config; sources: Map<string, string> },
  rows: readonly StoredOption[],
): string[] {
  return applyStoredOptions(options, loaded, rows, loaded.values["system.secret-key"])
}
