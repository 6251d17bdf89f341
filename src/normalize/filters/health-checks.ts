import { compileGlobs } from "./globs.ts"

const NAMES = compileGlobs([
  "*healthcheck*",
  "*heartbeat*",
  "*/{health,healthy,healthz,health_check,_health,\\[_health\\],live,livez,ready,readyz,ping,up}{,/}",
])

/** Whether a transaction of this name only asks whether the program is alive. */
export function isHealthCheck(transaction: string): boolean {
  return NAMES.find(transaction) !== null
}
