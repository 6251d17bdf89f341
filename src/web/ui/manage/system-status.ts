import { createHash } from "node:crypto"
import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { listMailDeliveries } from "#mail/store.ts"
import {
  countDeadLetters,
  countInstance,
  getDatabaseFacts,
  listPartitionedTables,
  listTaskQueues,
} from "#maintenance/status-store.ts"
import { createIngestQueue } from "#pipeline/ingest-queue.ts"
import { listProcesses } from "#stats/process-store.ts"
import { countUploads } from "#symbolication/artifacts/upload-store.ts"
import { examine } from "../../health.ts"

/** A process that has been silent for so long is no longer counted. */
const ALIVE_SECONDS = 60
const MAILS = 20
/** Accepted events that wait longer than this are an operator's business. */
const LATE_SECONDS = 60

const NOT_KNOWN = { records: null, bytes: null, oldestAt: null }

export type SystemStatus = Awaited<ReturnType<typeof systemStatus>>

/** What an operator wants to know of the instance, once; holds no secret. */
export async function systemStatus(app: App) {
  const now = app.clock.now()
  const queue = createIngestQueue(app, "status")
  // Without Redis the page is wanted most; what waits there is then not known.
  const backlog = await queue
    .backlog()
    .catch(() => NOT_KNOWN)
    .finally(() => queue.stop())
  const waitingSeconds = backlog.oldestAt
    ? Math.max(0, Math.round((now.getTime() - backlog.oldestAt.getTime()) / 1000))
    : 0
  const { problems } = await examine(app)
  const deadLetters = await countDeadLetters(app.sql)
  const mails = await listMailDeliveries(app.sql, MAILS)
  return {
    version: app.version,
    shape: app.shape,
    now,
    problems: [
      ...problems,
      ...(waitingSeconds > LATE_SECONDS ? [`Events have waited for ${waitingSeconds} s.`] : []),
      ...(deadLetters > 0
        ? [`${deadLetters} messages could not be processed (dead letters).`]
        : []),
      ...(mails[0]?.status === "failed" ? [`The last mail failed: ${mails[0].reply ?? ""}`] : []),
      ...addressProblems(app),
    ],
    ingest: { ...backlog, waitingSeconds, deadLetters },
    processes: await listProcesses(app.sql, ALIVE_SECONDS),
    tasks: await listTaskQueues(app.sql),
    counts: await countInstance(app.sql),
    database: await getDatabaseFacts(app.sql),
    tables: await listPartitionedTables(app.sql),
    uploads: await countUploads(app.sql),
    mail: mailConfig(app),
    mails,
    configuration: {
      address: publicAddress(app.config),
      runtime: `Bun ${Bun.version}`,
      retentionDays: app.config["system.event-retention-days"],
      secretKey: fingerprint(app.config["system.secret-key"]),
    },
  }
}

function addressProblems({ config }: App): string[] {
  const prefix = config["system.url-prefix"]
  if (prefix === "") return ["system.url-prefix is not set: DSNs and links in mails may be wrong."]
  if (prefix.startsWith("http://") && !/\/\/(localhost|127\.|\[::1\])/.test(prefix)) {
    return ["The address is not https: passwords and events travel in the clear."]
  }
  return []
}

function mailConfig({ config }: App) {
  return {
    backend: config["mail.backend"],
    server: `${config["mail.host"]}:${config["mail.port"]}`,
    encryption: config["mail.use-ssl"] ? "TLS" : config["mail.use-tls"] ? "STARTTLS" : "none",
    username: config["mail.username"],
    hasPassword: config["mail.password"] !== "",
    from: config["mail.from"],
  }
}

/** Tells whether two hosts have the same key without telling the key. */
function fingerprint(secret: string): string {
  return createHash("sha256").update(`fingerprint ${secret}`).digest("hex").slice(0, 8)
}
