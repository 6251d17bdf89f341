import { afterAll } from "bun:test"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Config, configWith } from "#config.ts"
import { openDoor } from "#ingest/door.ts"
import { decodeMessage, type IngestMessage } from "#messages.ts"
import type { BlobStore } from "#platform/blobs/blobs.ts"
import { createFolderBlobs } from "#platform/blobs/folder-blobs.ts"
import type { Clock } from "#platform/clock.ts"
import type { Sql } from "#platform/db.ts"
import { createLog } from "#platform/log.ts"
import { addressList } from "#platform/network.ts"
import { decodeRecord } from "#platform/queue/record.ts"
import { createMemoryQuota } from "#platform/quota/memory-quota.ts"
import { openSpool } from "#platform/spool/writer.ts"
import { embedHandler } from "#web/embed/routes.ts"
import { type IngestHandler, ingestHandler } from "#web/ingest/routes.ts"

export const K1 = "0123456789abcdef0123456789abcdef"
export const K2 = "f".repeat(32)
export const DISABLED = "d".repeat(32)
export const AUTH = {
  "X-Sentry-Auth": `Sentry sentry_version=7, sentry_client=test/1.0, sentry_key=${K1}`,
}

/** Organization 1 with project 1 (K1 active, DISABLED not) and project 2 (K2). */
export async function givenProjects(sql: Sql): Promise<void> {
  await sql`insert into organizations (id, slug, name) overriding system value values (1, 'acme', 'Acme')`
  await sql`
    insert into projects (id, organization_id, slug, name) overriding system value
    values (1, 1, 'backend', 'Backend'), (2, 1, 'frontend', 'Frontend')`
  await sql`
    insert into project_keys (project_id, public_key, secret_key, is_active)
    values (1, ${K1}, ${K1}, true), (2, ${K2}, ${K2}, true), (1, ${DISABLED}, ${K1}, false)`
}

/** The ingestion handler (`send`), and that of customers' pages (`ask`), over a real spool in a folder of its own; `messages` are those on stable storage. */
export async function givenDoor(
  sql: Sql,
  options: {
    config?: Partial<Config>
    spoolMaxBytes?: number
    dataDirectory?: string
    clock?: Clock
    blobs?: BlobStore
  } = {},
) {
  const dataDirectory = options.dataDirectory ?? (await temporaryFolder())
  const spool = await openSpool({
    directory: join(dataDirectory, "spool"),
    segmentBytes: 64 * 1024 * 1024,
    maxBytes: options.spoolMaxBytes ?? 1024 * 1024 * 1024,
    minFreeBytes: 0,
  })
  const messages: IngestMessage[] = []
  const log = createLog({ level: "fatal", format: "machine", role: "test" })
  const blobs = options.blobs ?? createFolderBlobs(join(dataDirectory, "files"))
  const door = await openDoor({
    sql,
    dataDirectory,
    config: configWith(options.config ?? {}),
    quota: createMemoryQuota(),
    blobs,
    clock: options.clock ?? { now: () => new Date() },
    log,
    spool: {
      async append(record) {
        await spool.append(record)
        const decoded = decodeRecord(record)
        if (decoded) messages.push(decodeMessage(decoded.body))
      },
    },
  })
  const faces = { door, log, pathPrefix: "", proxies: addressList(["10.0.0.0/8"]) }
  const handler = ingestHandler(faces)
  const embed = embedHandler({ ...faces, ingestPrefix: "https://sentry.test/in" })
  let isClosed = false
  const close = async () => {
    if (isClosed) return
    isClosed = true
    await door.stop({ withinMs: 1000 })
    await spool.stop()
  }
  afterAll(close)
  const send = sender(handler)
  const ask = sender(embed)
  return { door, handler, messages, blobs, dataDirectory, close, send, ask }
}

type Sent = { status: number; headers: Headers; json: unknown; text: string }

/** POSTs unless told otherwise; a 404 stands for "not an ingestion path". */
function sender(handler: IngestHandler) {
  return async (
    path: string,
    init: RequestInit = {},
    remoteAddress = "192.0.2.9",
  ): Promise<Sent> => {
    const request = new Request(`http://localhost:9000${path}`, { method: "POST", ...init })
    const response = (await handler(request, remoteAddress)) ?? new Response("", { status: 404 })
    const text = await response.text()
    const isJson = response.headers.get("content-type")?.startsWith("application/json")
    const json: unknown = isJson ? JSON.parse(text) : null
    return { status: response.status, headers: response.headers, json, text }
  }
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sentry-lite-test-"))
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return folder
}
