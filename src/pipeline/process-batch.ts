import { setTimeout as delay } from "node:timers/promises"
import { partitionedTables } from "#migrations.ts"
import type { Tx } from "#platform/db.ts"
import { messageOf } from "#platform/errors.ts"
import { createPartitions } from "#platform/partitions.ts"
import type { Batch, QueueRecord } from "#platform/queue/queue.ts"
import { type Failure, failureOf } from "./failures.ts"
import type { Line } from "./line.ts"
import { addToSeries } from "./live-series.ts"
import { asDead } from "./prepare/dead.ts"
import { prepare } from "./prepare/prepare.ts"
import type { Prepared } from "./prepare/prepared.ts"
import { type Saved, save } from "./save.ts"

export type BatchResult = {
  messages: number
  stored: number
  news: number
  /** Messages that had had their effect in an earlier delivery. */
  repeated: number
  dead: number
}

/** A batch that is worked out and waits for its transaction. */
export type PreparedBatch = { batch: Batch; together: Prepared[] }

/** A deadlock or a lost race is over at once; after so many of them something else is wrong. */
const MAX_QUICK_RETRIES = 30
/** Looking again at what was remembered helps at once, or something else is wrong. */
const MAX_REFERENCE_RETRIES = 2
/** A missing day is made at once; when it cannot be, somebody holds a lock on its table. */
const QUICK_PARTITION_RETRIES = 3
const FIRST_WAIT_MS = 100
const LAST_WAIT_MS = 5_000

/**
 * Takes a batch from the queue's hands to its end: prepare, one transaction, acknowledge, live series. Resolves when
 * every message of it has had its effect; throws only when `signal` says stop while PostgreSQL is away.
 */
export async function processBatch(
  line: Line,
  batch: Batch,
  signal: AbortSignal,
): Promise<BatchResult> {
  return finishBatch(line, await prepareBatch(line, batch, signal), signal)
}

/**
 * The part that needs no transaction, so that it can be done while the batch before it waits for PostgreSQL. Messages that came
 * before are left for later: one of them may be what ended the last worker.
 */
export async function prepareBatch(
  line: Line,
  batch: Batch,
  signal: AbortSignal,
): Promise<PreparedBatch> {
  const first = batch.records.filter((record) => record.deliveries <= 1)
  return { batch, together: await prepareWithPatience(line, first, signal) }
}

export async function finishBatch(
  line: Line,
  { batch, together }: PreparedBatch,
  signal: AbortSignal,
): Promise<BatchResult> {
  const again = batch.records.filter((record) => record.deliveries > 1)
  const saved: Saved[] = []
  const run = async (group: Prepared[], commit: Commit) =>
    void saved.push(...(await saveOrBisect(line, group, commit, signal)))

  if (again.length > 0 && together.length > 0) await run(together, noCommit)
  for (const [index, record] of again.entries()) {
    const alone = await prepareWithPatience(line, [record], signal)
    await run(alone, index === again.length - 1 ? batch.commit : noCommit)
  }
  if (again.length === 0) await run(together, batch.commit)

  await batch.acknowledge()
  await addToSeries(line, saved)
  return summary(batch, saved)
}

type Commit = (tx: Tx) => Promise<void>
const noCommit: Commit = async () => {}

/** A group that cannot be stored is halved until the message at fault stands alone; that one becomes a dead letter. */
async function saveOrBisect(
  line: Line,
  group: Prepared[],
  commit: Commit,
  signal: AbortSignal,
): Promise<Saved[]> {
  try {
    return [await saveWithPatience(line, group, commit, signal)]
  } catch (error) {
    if (failureOf(error) === "unavailable" || signal.aborted) throw error
    const [only] = group
    if (!only || only.dead) throw error
    if (group.length === 1) {
      line.log.error({ messageId: only.record.id, err: error }, "message could not be stored")
      return [await saveWithPatience(line, [asDead(only, messageOf(error))], commit, signal)]
    }
    const middle = group.length >> 1
    return [
      ...(await saveOrBisect(line, group.slice(0, middle), noCommit, signal)),
      ...(await saveOrBisect(line, group.slice(middle), commit, signal)),
    ]
  }
}

/** Tries until it works or the failure is the messages' own. */
async function saveWithPatience(
  line: Line,
  given: Prepared[],
  commit: Commit,
  signal: AbortSignal,
): Promise<Saved> {
  let group = given
  const tries = { again: 0, partition: 0, references: 0, slow: 0, unavailable: 0, poison: 0 }
  while (true) {
    try {
      return await save(line, group, commit)
    } catch (error) {
      const failure = failureOf(error)
      const count = ++tries[failure]
      if (!isWorthAnotherTry(failure, count, group)) throw error
      if (failure === "partition") await makeDays(line, group)
      if (failure === "references") group = await prepareAnew(line, group, signal)
      else await waitAfter(line, { failure, error, count }, signal)
    }
  }
}

function isWorthAnotherTry(failure: Failure, count: number, group: readonly Prepared[]): boolean {
  switch (failure) {
    case "poison":
      return false
    case "again":
      return count <= MAX_QUICK_RETRIES
    case "references":
      return count <= MAX_REFERENCE_RETRIES
    case "slow":
      return group.length === 1
    default:
      return true
  }
}

type Setback = { failure: Failure; error: unknown; count: number }

/** Quick failures are over within milliseconds; the others are waited for longer and longer. */
async function waitAfter(line: Line, setback: Setback, signal: AbortSignal): Promise<void> {
  const { failure, error, count } = setback
  const isQuick =
    failure === "again" || (failure === "partition" && count <= QUICK_PARTITION_RETRIES)
  if (isQuick) return pause(count, signal)
  line.log.warn({ error: messageOf(error), tries: count }, "PostgreSQL cannot work; waiting")
  return pause(Math.min(FIRST_WAIT_MS * 2 ** (count - 1), LAST_WAIT_MS), signal)
}

/** Something that was remembered is gone, a project maybe: its messages are nobody's now. */
async function prepareAnew(
  line: Line,
  group: Prepared[],
  signal: AbortSignal,
): Promise<Prepared[]> {
  line.references.forget()
  line.projects.forget()
  if (group.some(({ dead }) => dead)) return group
  return prepareWithPatience(
    line,
    group.map(({ record }) => record),
    signal,
  )
}

/** Days that nobody made ahead: the first start, or a clock that is off. Outside of any transaction. */
async function makeDays(line: Line, group: readonly Prepared[]): Promise<void> {
  const days = new Set(group.map((prepared) => prepared.receivedDay))
  try {
    await createPartitions(line.sql, Object.values(partitionedTables), [...days])
  } catch (error) {
    line.log.warn({ error: messageOf(error), days: [...days] }, "partitions could not be made")
  }
}

/** Reading projects and keys may find PostgreSQL away, too. */
async function prepareWithPatience(
  line: Line,
  records: QueueRecord[],
  signal: AbortSignal,
): Promise<Prepared[]> {
  for (let count = 1; ; count++) {
    try {
      return await prepare(line, records)
    } catch (error) {
      const failure = failureOf(error)
      if (failure !== "unavailable" && failure !== "slow") throw error
      await waitAfter(line, { failure, error, count }, signal)
    }
  }
}

/** With jitter, so that two workers that met once do not meet again. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms * (0.5 + Math.random()), undefined, { signal })
}

function summary(batch: Batch, saved: readonly Saved[]): BatchResult {
  const sum = (count: (each: Saved) => number) =>
    saved.reduce((total, each) => total + count(each), 0)
  return {
    messages: batch.records.length,
    stored: sum((each) => each.stored.length),
    news: sum((each) => each.news.length),
    repeated: sum((each) => each.repeated),
    dead: sum((each) => each.dead),
  }
}
