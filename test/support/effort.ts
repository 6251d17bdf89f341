/** Tries of which the least effortful counts. */
const TRIES = 3

/**
 * Milliseconds of this process's CPU time that `work` takes at best: what grows with the square of its input takes a
 * hundred times its linear effort, a noisy neighbour does not.
 */
export function effortOf(work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < TRIES; tries++) {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}
