import { stat } from "node:fs/promises"
import { messageOf } from "../errors.ts"
import type { Log } from "../log.ts"
import type { RedisClient } from "../redis.ts"
import type { Service } from "../service.ts"
import { watchFolder } from "../spool/folder-watch.ts"
import { isWriterAlive } from "../spool/locks.ts"
import { listSegments } from "../spool/segment.ts"
import { type ForwardStream, forwardTarget, type TargetState } from "./forward-target.ts"
import { type ForwardedSegment, holdForForwarding } from "./forwarded-segment.ts"

/** One script call: large enough to cost little each, small enough not to hold Redis up. */
const CHUNK_RECORDS = 200
const CHUNK_BYTES = 1024 * 1024
/** Redis is asked how it is, and the folder looked through, this often. */
const OBSERVE_EVERY_MS = 500
const IDLE_MS = 10
const FULL_MS = 100
const POLL_FOR_MS = 1000
const WATCH_FOR_MS = 250
const RETRY_MAX_MS = 2000
/** A segment is kept at least so long after it was forwarded, whatever the queue says. */
const KEPT_MS = 15 * 60_000

type ForwarderStatus = {
  /** full: the stream is at its limit, the spool grows. refused: see `problem`. away: Redis does not answer. */
  state: "starting" | "forwarding" | "full" | "refused" | "away"
  problem: string | null
  /** Segments on this host that this process looks after. */
  segments: number
}
export type Forwarder = Service & { status(): ForwarderStatus }

export type ForwarderOptions = {
  directory: string
  /** Of this process' spool; other segments are forwarded once their writer is gone. */
  writerId: string
  redis: RedisClient
  /** One per shard. */
  streams: readonly ForwardStream[]
  /** Entries a stream may hold, and bytes of records all may hold together. */
  maxEntries: number
  maxBytes: number
  /** Segments that the queue is done with are kept up to so many bytes, even if their 15 minutes are not over. */
  keptBytes: number
  keptMs?: number
  log: Log
}

/**
 * Moves records from this host's spool to the stream, for ever and without ever failing: when Redis is away,
 * full or not to be trusted, the spool grows. Segments outlive forwarding, and are forwarded again when
 * Redis has lost its memory, so that what Redis forgets is not lost while this host lives.
 */
export function startForwarder(options: ForwarderOptions): Forwarder {
  const line = forwardingLine(options)
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>()
  let stopBy = Number.POSITIVE_INFINITY
  let failures = 0
  let busyAt = Number.NEGATIVE_INFINITY
  let status: ForwarderStatus = { state: "starting", problem: null, segments: 0 }

  const report = (state: ForwarderStatus["state"], problem: string | null = null) => {
    if (problem !== null && problem !== status.problem) {
      options.log.error({ problem }, "forwarder: Redis takes no records, the spool grows")
    }
    if (problem === null && status.problem !== null) options.log.info("forwarder: going on")
    status = { state, problem, segments: line.size() }
  }
  /** Milliseconds until it is worth trying again; 0 = at once. */
  const attempt = async (): Promise<number> => {
    try {
      const step = await line.step()
      failures = 0
      if (step.refusal) report("refused", step.refusal)
      else report(step.isFull ? "full" : "forwarding")
      if (step.moved > 0) busyAt = performance.now()
      if (step.moved > 0) return 0
      return step.refusal || step.isFull ? FULL_MS : IDLE_MS
    } catch (error) {
      line.lookAgain()
      report("away", messageOf(error))
      return Math.min(50 * 2 ** failures++, RETRY_MAX_MS)
    }
  }
  /** A wake-up every few milliseconds costs a percent of CPU; when it is quiet the kernel tells of changes. */
  const pause = async (ms: number) => {
    const isQuiet = ms === IDLE_MS && performance.now() - busyAt > POLL_FOR_MS
    if (!isQuiet) return Bun.sleep(ms)
    const watch = watchFolder(options.directory)
    if (!line.hasNews()) await watch.changed(WATCH_FOR_MS)
    watch.close()
  }
  const run = async () => {
    while (performance.now() < stopBy) {
      const pauseMs = await attempt()
      if (pauseMs > 0 && stopBy < Number.POSITIVE_INFINITY) return
      if (pauseMs > 0) await Promise.race([pause(pauseMs), stopped])
    }
  }
  const running = run()
  return {
    status: () => status,
    // Once the spool is closed: what is left moves on, if Redis takes it in time; else it waits here.
    stop: async ({ withinMs }) => {
      stopBy = performance.now() + withinMs
      stop()
      await Promise.race([running, Bun.sleep(withinMs)])
      await line.release()
    },
  }
}

type Step = { moved: number; isFull: boolean; refusal: string | null }

function forwardingLine(options: ForwarderOptions) {
  const { directory, streams, log } = options
  const target = forwardTarget(options.redis, streams)
  let held: ForwardedSegment[] = []
  let state: TargetState | null = null
  let observedAt = Number.NEGATIVE_INFINITY
  let folderChangedAt = Number.NaN
  let shard = 0
  /** Bytes of a record, as a running mean: turns the limit in bytes into one in entries. */
  let meanBytes = 2000

  const observe = async (): Promise<TargetState> => {
    if (state && performance.now() - observedAt < OBSERVE_EVERY_MS) return state
    const now = await target.observe()
    const hasForgotten = state !== null && state.epoch !== now.epoch
    if (hasForgotten) log.warn("forwarder: Redis lost its memory, forwarding everything again")
    for (const segment of held) segment.restart(now.epoch)
    state = now
    await sweep(now)
    await claimMore(now.epoch)
    observedAt = performance.now()
    return now
  }
  const claimMore = async (epoch: string) => {
    folderChangedAt = await changeTime(directory)
    const known = new Set(held.map(({ segment }) => segment.name))
    for (const segment of await listSegments(directory)) {
      if (known.has(segment.name)) continue
      const isOthers =
        segment.writerId !== options.writerId && (await isWriterAlive(directory, segment.writerId))
      const claimed = isOthers ? null : await holdForForwarding(directory, segment, epoch)
      if (claimed) held.push(claimed)
    }
  }
  const sweep = async (now: TargetState) => {
    const done = held.filter((each) => each.isForwarded() && each.isConsumed(now))
    const kept = Date.now() - (options.keptMs ?? KEPT_MS)
    let surplus = done.reduce((sum, each) => sum + each.bytes(), 0) - options.keptBytes
    const needless = done.filter((each) => {
      const isNeedless = surplus > 0 || each.forwardedAt() < kept
      if (isNeedless) surplus -= each.bytes()
      return isNeedless
    })
    for (const segment of needless) await segment.discard()
    held = held.filter((each) => !needless.includes(each))
  }
  const entriesAllowed = () =>
    Math.min(options.maxEntries, Math.ceil(options.maxBytes / streams.length / meanBytes))

  /** Moves a chunk of one segment; the number of records, or why none were moved. */
  const moveFrom = async (segment: ForwardedSegment, now: TargetState) => {
    if (!segment.hasNews()) return 0
    const read = await segment.read({ maxRecords: CHUNK_RECORDS, maxBytes: CHUNK_BYTES })
    if (read.damaged > 0) {
      const fields = { segment: segment.segment.name, damaged: read.damaged }
      log.error(fields, "spool: unreadable bytes skipped")
    }
    const records = read.records.map(({ record }) => record)
    if (records.length === 0) return 0
    const bytes = records.reduce((sum, record) => sum + record.length, 0)
    meanBytes += (bytes / records.length - meanBytes) / 20
    shard = (shard + 1) % streams.length
    const marker = now.markers[shard] ?? ""
    const answer = await target.append(shard, { marker, maxEntries: entriesAllowed(), records })
    if (answer.status !== "added") return answer.status
    const stream = streams[shard]?.stream ?? ""
    await segment.moved({ position: read.next, stream, entryId: answer.entryId })
    return records.length
  }
  const step = async (): Promise<Step> => {
    const now = await observe()
    if (now.refusal) return { moved: 0, isFull: false, refusal: now.refusal }
    let moved = 0
    for (const segment of held.filter((each) => !each.isForwarded())) {
      const result = await moveFrom(segment, now)
      if (result === "full") return { moved, isFull: true, refusal: null }
      if (result === "lost") {
        observedAt = Number.NEGATIVE_INFINITY
        break
      }
      moved += result
    }
    if (moved === 0 && folderChangedAt !== (await changeTime(directory))) await claimMore(now.epoch)
    return { moved, isFull: false, refusal: null }
  }
  return {
    step,
    size: () => held.length,
    hasNews: () => held.some((segment) => !segment.isForwarded() && segment.hasNews()),
    lookAgain: () => {
      observedAt = Number.NEGATIVE_INFINITY
    },
    release: async () => {
      for (const segment of held) await segment.release()
      held = []
    },
  }
}

async function changeTime(directory: string): Promise<number> {
  return (await stat(directory)).mtimeMs
}
