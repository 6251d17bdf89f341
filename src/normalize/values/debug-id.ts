const CANONICAL =
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?:-[1-9a-f][0-9a-f]{0,7})?$/
const ANY =
  /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})(?:-?([0-9a-f]{1,8}))?$/
const NIL = "00000000-0000-0000-0000-000000000000"

/** A UUID with dashes in lower case, with "-age" unless that is 0; Breakpad writes both without a dash. null: it is none. */
export function readDebugId(text: string): string | null {
  if (text.length > 50) return null
  const lower = text.toLowerCase()
  if (CANONICAL.test(lower)) return lower
  const [, a, b, c, d, e, age = ""] = ANY.exec(lower) ?? []
  if (!a) return null
  const number = age.replace(/^0{1,8}/, "")
  return [a, b, c, d, e, ...(number === "" ? [] : [number])].join("-")
}

/** Sixteen bytes as they stand. null: nobody gave the file an id. */
export function uuidOf(bytes: Uint8Array): string | null {
  const digits = Buffer.from(bytes).subarray(0, 16).toString("hex").padEnd(32, "0")
  const uuid = readDebugId(digits)
  return uuid === NIL ? null : uuid
}

/** A GUID of Windows, whose first three fields are little-endian. */
export function guidToDebugId(guid: Uint8Array, age: number): string | null {
  const swapped = Buffer.alloc(16)
  swapped.set(guid.subarray(0, 16))
  swapped.subarray(0, 4).reverse()
  swapped.subarray(4, 6).reverse()
  swapped.subarray(6, 8).reverse()
  const uuid = uuidOf(swapped)
  return uuid && age > 0 ? `${uuid}-${age.toString(16)}` : uuid
}

/** The build id of an ELF file; one of a big-endian machine is not swapped. */
export function buildIdToDebugId(buildId: Uint8Array, isBigEndian = false): string | null {
  return isBigEndian ? uuidOf(buildId) : guidToDebugId(buildId, 0)
}
