import { join } from "node:path"
import type { Config } from "#config.ts"
import type { BlobStore } from "#platform/blobs/blobs.ts"
import type { Clock } from "#platform/clock.ts"
import type { Sql } from "#platform/db.ts"
import type { Log } from "#platform/log.ts"
import type { Quota } from "#platform/quota/quota.ts"
import type { Service } from "#platform/service.ts"
import type { Spool } from "#platform/spool/writer.ts"
import { type KeyUse, listKeyAccess, updateKeysLastUsed } from "#projects/key-access-store.ts"
import { recordOutcomes } from "#stats/outcome-store.ts"
import { createStrangerBook, type StrangerBook } from "#stats/stranger-book.ts"
import { recordStrangers } from "#stats/stranger-store.ts"
import { createVerdictBook, type VerdictBook } from "#stats/verdict-book.ts"
import { insertVerdicts } from "#stats/verdict-store.ts"
import { createHeavyLane, type HeavyLane } from "./heavy-lane.ts"
import { createKeyCache, type KeyCache } from "./key-cache.ts"
import { readKeySnapshot, writeKeySnapshot } from "./key-snapshot.ts"
import { createOutcomeCounts, type OutcomeCounts } from "./outcome-counts.ts"
import type { ParcelLimits } from "./parcel.ts"
import { createRoom, type Room } from "./room.ts"
import { createUnverifiedCap, type UnverifiedCap } from "./unverified-cap.ts"

type DoorLimits = ParcelLimits & {
  /** Of a body as it comes over the wire. */
  maxCompressedBytes: number
  maxJsonDepth: number
  maxJsonKeys: number
}

/** What accepting needs; made by `openDoor`. */
export type Door = {
  keys: KeyCache
  room: Room
  spool: Pick<Spool, "append">
  /** Where large attachments wait. */
  blobs: BlobStore
  counts: OutcomeCounts
  verdicts: VerdictBook
  strangers: StrangerBook
  unverified: UnverifiedCap
  heavyLane: HeavyLane
  /** When each key was last used, by key id; emptied when written down. */
  keysUsed: Map<string, KeyUse>
  limits: DoorLimits
  log: Log
  clock: Clock
}

export type DoorOptions = {
  config: Config
  /** Where the key snapshot lies. */
  dataDirectory: string
  sql: Sql
  quota: Quota
  spool: Pick<Spool, "append">
  blobs: BlobStore
  log: Log
  clock: Clock
}

/** Keys remembered, and as many that are known not to exist. */
const KEYS_REMEMBERED = 10_000
/** Of one web process, while PostgreSQL is away and the key was never seen. */
const UNVERIFIED = { messagesPerMinute: 1000, bytesPerMinute: 32 * 1024 * 1024 }
const BOOKS_EVERY_MS = 5000
/** When keys were used and who knocked is read by people: minutes are exact enough. */
const NOTES_EVERY_MS = 60_000

/** Opens the door; works without PostgreSQL from the first moment on, with the keys that the last process knew. */
export async function openDoor(options: DoorOptions): Promise<Door & Service> {
  const { config, sql, log, clock } = options
  const snapshotPath = join(options.dataDirectory, "key-cache.json")
  const keys = createKeyCache({
    load: (publicKeys) => listKeyAccess(sql, publicKeys),
    capacity: KEYS_REMEMBERED,
    now: () => clock.now().getTime(),
    onFailure: (err) => log.warn({ err }, "keys cannot be looked up, serving those remembered"),
  })
  keys.restore(await readKeySnapshot(snapshotPath))
  const door: Door = {
    keys,
    room: createRoom(options.quota, config),
    spool: options.spool,
    blobs: options.blobs,
    counts: createOutcomeCounts(),
    verdicts: createVerdictBook(),
    strangers: createStrangerBook(),
    unverified: createUnverifiedCap(UNVERIFIED),
    heavyLane: createHeavyLane(),
    keysUsed: new Map(),
    limits: limitsOf(config),
    log,
    clock,
  }
  const books = keepBooks(door, { ...options, snapshotPath })
  return { ...door, stop: books.stop }
}

/** Writes down now and then what accepting only noted in memory. Failures wait for the next time. */
function keepBooks(door: Door, options: DoorOptions & { snapshotPath: string }): Service {
  const { log, sql } = options
  let snapshotRevision = door.keys.revision()
  let notesWrittenAt = performance.now()

  async function writeKeys() {
    if (door.keys.revision() === snapshotRevision) return
    snapshotRevision = door.keys.revision()
    await writeKeySnapshot(options.snapshotPath, door.keys.remembered())
  }

  async function writeKeyUses() {
    const uses = [...door.keysUsed.values()]
    door.keysUsed.clear()
    await updateKeysLastUsed(sql, uses)
  }

  async function write(isLast: boolean) {
    const chores = [
      door.counts.flush((counts) => recordOutcomes(sql, counts)),
      door.verdicts.flush((verdicts) => insertVerdicts(sql, verdicts)),
      writeKeys(),
    ]
    if (isLast || performance.now() - notesWrittenAt > NOTES_EVERY_MS) {
      notesWrittenAt = performance.now()
      chores.push(writeKeyUses())
      chores.push(door.strangers.flush((strangers) => recordStrangers(sql, strangers)))
    }
    for (const result of await Promise.allSettled(chores)) {
      if (result.status === "rejected") log.warn({ err: result.reason }, "door's books not written")
    }
  }

  let writing: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    writing = writing.then(() => write(false))
  }, BOOKS_EVERY_MS)
  return {
    async stop({ withinMs }) {
      clearInterval(timer)
      const last = writing.then(() => write(true))
      await Promise.race([last, Bun.sleep(withinMs)])
    },
  }
}

function limitsOf(config: Config): DoorLimits {
  return {
    maxCompressedBytes: config["ingest.max-compressed-bytes"],
    maxEventBytes: config["ingest.max-event-bytes"],
    maxEnvelopeBytes: config["ingest.max-envelope-bytes"],
    maxEnvelopeItems: config["ingest.max-envelope-items"],
    maxAttachmentBytes: config["ingest.max-attachment-bytes"],
    maxJsonDepth: config["ingest.max-json-depth"],
    maxJsonKeys: config["ingest.max-json-keys"],
  }
}
