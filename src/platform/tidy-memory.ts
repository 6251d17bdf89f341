import type { Service } from "./service.ts"

const LOOK_EVERY_MS = 2_000
/** Of one core, while nothing goes on but the timers. */
const RESTING_LOAD = 0.03
/** What a collection must be able to win to be worth its tens of milliseconds. */
const WORTH_BYTES = 8 * 1024 * 1024

/**
 * Nobody collects the garbage of a process at rest: it allocates nothing, so the collector is never asked, and after a
 * burst it would hold a hundred megabytes for hours. Looks at the process now and then, and collects when it has become
 * larger than after the last time and is doing nothing else.
 */
export function startTidyingMemory(): Service {
  let floor = process.memoryUsage.rss()
  let cpu = process.cpuUsage()
  const timer = setInterval(() => {
    const used = process.cpuUsage(cpu)
    cpu = process.cpuUsage()
    const load = (used.user + used.system) / 1_000 / LOOK_EVERY_MS
    const rss = process.memoryUsage.rss()
    if (rss < floor) floor = rss
    if (load > RESTING_LOAD || rss < floor + WORTH_BYTES) return
    Bun.gc(true)
    Bun.shrink()
    floor = process.memoryUsage.rss()
  }, LOOK_EVERY_MS)
  timer.unref()
  return { stop: async () => clearInterval(timer) }
}
