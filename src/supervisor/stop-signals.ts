import { readFileSync } from "node:fs"
import { isatty } from "node:tty"

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

export type StopSignals = { stop: Promise<void>; readonly stopped: boolean; release(): void }

/**
 * The first signal resolves `stop`; `onSecond` is called for any further one. SIGHUP is one of them on a terminal, which has
 * gone; a service is asked by it to read its configuration again, when there is an `onReload`.
 */
export function stopSignals(onSecond: () => void, onReload?: () => void): StopSignals {
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
  const handlerOf = (name: keyof typeof NUMBERS) =>
    name === "SIGHUP" && onReload && !hasTerminal ? onReload : onSignal
  const handlers = names.map((name) => [name, handlerOf(name)] as const)
  for (const [name, handler] of handlers) process.on(name, handler)
  return {
    stop: stop.promise,
    get stopped() {
      return stopped
    },
    release: () => {
      for (const [name, handler] of handlers) process.off(name, handler)
    },
  }
}

const hasTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor))

/** nohup starts us with SIGHUP ignored, and means it. */
function isIgnored(name: keyof typeof NUMBERS): boolean {
  const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(NUMBERS[name] - 1)) & 1n) === 1n
}
