import fc from "fast-check"
import { memoryOf } from "../memory.ts"
import { type Case, cases } from "./cases.ts"
import { type Answered, type Check, type Place, type Target, targetIn } from "./target.ts"

const CASES_A_ROUND = 500
/** Requests under way at once: enough to keep web and worker busy, few enough for one to be the one that hangs. */
const CONCURRENCY = 24

/** Mails are written, and go nowhere. */
export const ENVIRONMENT = { SENTRY__MAIL__BACKEND: "dummy" }

type Tally = {
  /** How many answers of each status. */
  statuses: Record<number, number>
  /** Of each endpoint, how many it answered with a success. */
  accepted: Record<string, number>
}

export type FuzzResult = Tally & {
  cases: number
  stored: number
  /** Resident bytes of web and worker together: after the first tenth, and at the end, both at rest. */
  memory: { early: number; late: number }
}

/** Throws the smallest case it finds for anything that is no clear answer, no stored event, or a page with an error. */
export async function fuzz(
  place: Place,
  options: { cases: number; seed: number; onRound?: (done: number) => void },
): Promise<FuzzResult> {
  const target = await targetIn(place)
  const pids = await place.pids()
  const tally: Tally = { statuses: {}, accepted: {} }
  const rounds = Math.ceil(options.cases / CASES_A_ROUND)
  let early = 0
  for (let round = 0; round < rounds; round++) {
    const seed = options.seed + round
    const given = fc.sample(cases, { numRuns: CASES_A_ROUND, seed })
    const answers = await inParallel(given, target.post)
    count(answers, tally)
    for (const check of target.checks) {
      const fault = await check(answers)
      if (fault) throw new Error(`seed ${seed}: ${fault}\n${await smallest(check, seed, target)}`)
    }
    if (round === Math.floor(rounds / 10)) early = await restingMemory(pids)
    options.onRound?.((round + 1) * CASES_A_ROUND)
  }
  if (String(await place.pids()) !== String(pids)) throw new Error("a process was replaced")
  const memory = { early, late: await restingMemory(pids) }
  const stored = await target.countStored()
  return { cases: rounds * CASES_A_ROUND, ...tally, stored, memory }
}

function count(answers: readonly Answered[], { statuses, accepted }: Tally): void {
  for (const { given, status } of answers) {
    statuses[status] = (statuses[status] ?? 0) + 1
    if (status < 300) accepted[given.endpoint] = (accepted[given.endpoint] ?? 0) + 1
  }
}

/** The same round once more, one case after the other, so that fast-check can make the guilty one smaller. */
async function smallest(check: Check, seed: number, target: Target): Promise<string> {
  const property = fc.asyncProperty(cases, async (given) => {
    const fault = await check([await target.post(given)])
    if (fault) throw new Error(fault)
  })
  const found = await fc.check(property, { seed, numRuns: CASES_A_ROUND })
  if (!found.failed) return "not found again one by one"
  return `${found.errorInstance} by ${JSON.stringify(found.counterexample?.[0])}`
}

async function inParallel(given: readonly Case[], post: Target["post"]): Promise<Answered[]> {
  const waiting = given.values()
  const answers: Answered[] = []
  const work = async () => {
    for (const each of waiting) answers.push(await post(each))
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
  return answers
}

/** Of all of them together, once it has stopped falling: processes that rest give memory back. */
async function restingMemory(pids: readonly number[]): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  let unchanged = 0
  while (unchanged < 3) {
    const all = await Promise.all(pids.map(async (pid) => (await memoryOf(pid)).now))
    const sum = all.reduce((total, each) => total + each, 0)
    unchanged = sum < least * 0.98 ? 0 : unchanged + 1
    least = Math.min(least, sum)
    await Bun.sleep(500)
  }
  return least
}
