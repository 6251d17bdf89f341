import { connect, type Sql } from "#platform/db.ts"
import { createRandom } from "../../../bench/mixed-events.ts"
import { until } from "../services.ts"
import type { Fault, Installation } from "./installation.ts"
import { type Load, startLoad } from "./load.ts"
import { judge, type Verdict } from "./verdict.ts"
import { countWaiting, spooledMessages, streamLength } from "./waiting.ts"

export type ChaosOptions = {
  seconds: number
  seed: number
  perSecond: number
  /** Told of each fault when it is over: how far into the run it began, and how long it took, and how many events are acknowledged by then. */
  onFault?(fault: { name: string; atMs: number; tookMs: number; acknowledged: number }): void
}

export type ChaosResult = Verdict & { faults: string[]; settledInMs: number }

const PAUSE_MS = { least: 400, most: 1_800 }
const SETTLES_WITHIN_MS = 60_000
const LOOK_EVERY_MS = 250

/** Load on one side, faults on the other; then quiet, and the books are compared. */
export async function runChaos(
  installation: Installation,
  options: ChaosOptions,
): Promise<ChaosResult> {
  const random = createRandom(options.seed)
  const project = await makeProject(installation)
  const load = await startLoad({
    ...project,
    targets: installation.webs,
    perSecond: options.perSecond,
    random,
  })
  const faults = await strikeAround(installation.faults, options, random, load)
  await load.stop()

  const sql = connect(installation.databaseUrl, { max: 1 })
  try {
    const early = await withPatience(() => whileItWaits(sql, installation, load))
    const startedAt = performance.now()
    const isSettled = await settled(sql, installation, load)
    const { numbers, violations } = await judge(sql, load.ledger)
    return {
      faults,
      settledInMs: Math.round(performance.now() - startedAt),
      numbers: { ...numbers, waitingAfterLoad: early.waiting },
      violations: [
        ...violations,
        ...(early.isConserved ? [] : ["received = outcomes + what waits"]),
        ...(isSettled ? [] : ["the backlog empties"]),
      ],
    }
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** Every fault in an order of its own, and again, until the time is over; at least once each. */
async function strikeAround(
  all: Fault[],
  { seconds, onFault }: ChaosOptions,
  random: () => number,
  { ledger }: Load,
): Promise<string[]> {
  const startedAt = performance.now()
  const struck: string[] = []
  const isOver = () => performance.now() - startedAt > seconds * 1000
  while (struck.length < all.length || !isOver()) {
    for (const { name, strike } of shuffled(all, random)) {
      if (struck.length >= all.length && isOver()) break
      await Bun.sleep(PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least))
      const at = performance.now()
      await strike()
      struck.push(name)
      onFault?.({
        name,
        atMs: at - startedAt,
        tookMs: performance.now() - at,
        acknowledged: ledger.acknowledged.size,
      })
    }
  }
  return struck
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
}

async function makeProject({ run }: Installation) {
  const words = async (...command: string[]) => {
    const { exitCode, stdout, stderr } = await run(...command)
    if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stderr}`)
    return stdout.trim()
  }
  await words("orgs", "create", "forest")
  const dsn = new URL(
    await words(
      "projects",
      "create",
      "trees",
      "--org",
      "forest",
      "--platform",
      "python",
      "--dsn-only",
    ),
  )
  return { projectId: dsn.pathname.slice(1), publicKey: dsn.username }
}

/**
 * Conservation before everything has settled: what clients were promised is either counted or still waits. The spool is read
 * first, so that a message on its way is seen at least once; outcomes and `consumed` come from one snapshot.
 */
async function whileItWaits(sql: Sql, { spoolDirectory }: Installation, { ledger }: Load) {
  const ids = await spooledMessages(spoolDirectory)
  const { waiting, outcomes } = await sql.begin("isolation level repeatable read", async (tx) => {
    const [row] = await tx<{ outcomes: number }[]>`
      select coalesce(sum(quantity), 0)::int as outcomes from outcome_hours`
    return { waiting: await countWaiting(tx, ids), outcomes: row?.outcomes ?? 0 }
  })
  const received = outcomes + waiting
  const least = ledger.acknowledgedRequests
  const isConserved = received >= least && received <= least + ledger.unansweredRequests
  return { waiting, isConserved }
}

/** The last fault may have been PostgreSQL's. */
async function withPatience<T>(ask: () => Promise<T>): Promise<T> {
  const answers: T[] = []
  await until("PostgreSQL", async () => answers.push(await ask()) > 0)
  return answers[0]!
}

/** Nothing is left in the stream, every spooled message has had its effect, and the tag counts are folded. */
async function settled(sql: Sql, installation: Installation, { ledger }: Load): Promise<boolean> {
  const deadline = performance.now() + SETTLES_WITHIN_MS
  while (performance.now() < deadline) {
    const isQuiet = await nothingWaits(sql, installation, ledger.acknowledgedRequests).catch(
      () => false,
    )
    if (isQuiet) return true
    await Bun.sleep(LOOK_EVERY_MS)
  }
  return false
}

async function nothingWaits(sql: Sql, installation: Installation, atLeast: number) {
  const [row] = await sql<{ consumed: number; deltas: number }[]>`
    select (select count(*) from consumed)::int as consumed, (select count(*) from tag_deltas)::int as deltas`
  if (!row || row.consumed < atLeast || row.deltas > 0) return false
  if ((await streamLength(installation)) > 0) return false
  return (await countWaiting(sql, await spooledMessages(installation.spoolDirectory))) === 0
}
