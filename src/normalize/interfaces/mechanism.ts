import type { Mechanism } from "../event.ts"
import { bag, mediumBag, smallBag } from "../values/bag.ts"
import { bool, integer, nonEmpty, text } from "../values/coerce.ts"
import { isEmpty, isRecord, type Reader, record } from "../values/read.ts"
import type { Remarks } from "../values/remarks.ts"

const helpLink: Reader<string> = (value, remarks) => {
  const link = text(256, 40)(value, remarks)
  return link?.startsWith("https://") || link?.startsWith("http://") ? link : undefined
}

const readMechanism = record<Mechanism>({
  type: nonEmpty(text(128)),
  handled: bool,
  synthetic: bool,
  description: text(8192, 200),
  help_link: helpLink,
  source: text(256, 40),
  exception_id: integer,
  parent_id: integer,
  is_exception_group: bool,
  data: bag(mediumBag),
  meta: bag(mediumBag),
})

/** How an exception was caught. Old Cocoa clients sent no type but the signal and the Mach exception directly. */
export const mechanism: Reader<Mechanism> = (value, remarks) => {
  if (isRecord(value) && (value.type === undefined || value.type === null)) {
    return withoutType(value, remarks)
  }
  const read = readMechanism(value, remarks)
  if (!read) return read
  return read.type ? read : { ...read, type: "generic" }
}

function withoutType(value: Record<string, unknown>, remarks: Remarks): Mechanism | undefined {
  if (isEmpty(value)) return undefined
  const { posix_signal: signal, mach_exception: mach, ...rest } = value
  const meta = bag(mediumBag)(
    { ...metaOf(rest.meta), ...signalMeta(signal), ...machMeta(mach) },
    remarks,
  )
  const read = readMechanism(rest, remarks)
  const known = read && !isEmpty(read)
  if (!known && !meta && !Object.values(rest).some((member) => member !== null)) return undefined
  const data = read?.data ?? bag(smallBag)(leftOver(rest), remarks)
  return { ...read, type: "generic", ...(meta && { meta }), ...(data && { data }) }
}

const FIELDS = new Set("type handled synthetic description help_link source data meta".split(" "))

function leftOver(rest: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(rest).filter(
      ([name, member]) =>
        member !== null && !FIELDS.has(name) && !name.endsWith("_id") && !name.startsWith("is_"),
    ),
  )
}

function metaOf(meta: unknown): Record<string, unknown> {
  return isRecord(meta) ? meta : {}
}

function signalMeta(signal: unknown): Record<string, unknown> {
  if (!isRecord(signal)) return {}
  const { signal: number, ...rest } = signal
  return { signal: { number, ...rest } }
}

function machMeta(mach: unknown): Record<string, unknown> {
  if (!isRecord(mach)) return {}
  const { exception_name: name, ...rest } = mach
  return { mach_exception: { ...rest, ...(name !== undefined && { name }) } }
}
