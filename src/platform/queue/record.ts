/** A uuid as 16 bytes stands in front of every record's body. */
const ID_BYTES = 16

/** What the spool and the stream carry: the id's 16 bytes, then the body. */
export function encodeRecord(id: string, body: Uint8Array): Uint8Array {
  const record = new Uint8Array(ID_BYTES + body.length)
  record.setFromHex(id.replaceAll("-", ""))
  record.set(body, ID_BYTES)
  return record
}

/** The body is a view into the record. Null for bytes too short to be one. */
export function decodeRecord(record: Uint8Array): { id: string; body: Uint8Array } | null {
  if (record.length < ID_BYTES) return null
  const hex = record.subarray(0, ID_BYTES).toHex()
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  return { id, body: record.subarray(ID_BYTES) }
}

/** When a record with such an id was made: a uuid v7 opens with the milliseconds. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16))
}
