import { readFileSync } from "node:fs"

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

export type StopSignals = { stop: Promise<void>; readonly stopped: boolean; release(): void }

/** The first signal resolves `stop`; `onSecond` is called for any further one. */
export function stopSignals(onSecond: () => void): StopSignals {
  const stop = Promise.withResolvers<void>()
  let stopped = false
  const onSignal = () => {
    if (stopped) return onSecond()
    stopped = true
    stop.resolve()
  }
  const names = (Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]).filter(
    (name) => !isIgnored(name),
  )
  for (const name of names) process.on(name, onSignal)
  return {
    stop: stop.promise,
    get stopped() {
      return stopped
    },
    release: () => {
      for (const name of names) process.off(name, onSignal)
    },
  }
}

/** nohup starts us with SIGHUP ignored, and means it. */
function isIgnored(name: keyof typeof NUMBERS): boolean {
  const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(NUMBERS[name] - 1)) & 1n) === 1n
}
