import type { Bag, Exception, Mechanism, NormalizedEvent } from "../event.ts"
import { isRecord } from "../values/read.ts"
import {
  errorName,
  machExceptionName,
  type System,
  signalCodeName,
  signalName,
} from "./error-numbers.ts"

type Event = Pick<NormalizedEvent, "exception" | "contexts" | "debug_meta">

/** The exceptions with names beside the numbers of errors, signals and Mach exceptions, as the system has them. */
export function withMechanismNames(event: Event): Event["exception"] {
  const values = event.exception?.values
  if (!values?.some(({ mechanism }) => mechanism?.meta)) return event.exception
  const system = systemOf(event)
  return { values: values.map((exception) => named(exception, system)) }
}

function systemOf({ contexts, debug_meta: debugMeta }: Event): System | undefined {
  const name = contexts?.os?.name ?? debugMeta?.sdk_info?.sdk_name
  if (typeof name !== "string") return undefined
  if (/^(?:linux|android)/i.test(name)) return "linux"
  return /^(?:mac ?os|ios|ipados|tvos|watchos|visionos|darwin)/i.test(name) ? "darwin" : undefined
}

function named(exception: Exception, system: System | undefined): Exception {
  const { mechanism } = exception
  if (!mechanism?.meta) return exception
  return { ...exception, mechanism: { ...mechanism, meta: namedMeta(mechanism.meta, system) } }
}

function namedMeta(meta: Bag, system: System | undefined): NonNullable<Mechanism["meta"]> {
  const { errno, signal, mach_exception: mach } = meta
  const result = { ...meta }
  if (isRecord(mach)) {
    result.mach_exception = withName(mach, "name", machExceptionName(mach.exception))
  }
  if (system && isRecord(errno)) {
    result.errno = withName(errno, "name", errorName(system, errno.number))
  }
  if (system && isRecord(signal)) {
    const withSignal = withName(signal, "name", signalName(system, signal.number))
    const code = signalCodeName(system, String(withSignal.name), signal.code)
    result.signal = withName(withSignal, "code_name", code)
  }
  return result
}

/** What the client says itself stays. */
function withName(object: Bag, key: string, name: string | undefined): Bag {
  return object[key] || name === undefined ? object : { ...object, [key]: name }
}
