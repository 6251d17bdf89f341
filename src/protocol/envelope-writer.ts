export type ItemToWrite = {
  type: string
  headers: Record<string, unknown>
  payload: Uint8Array
}

const LINE_FEED = "\n"

/** The bytes of an envelope; each item's `length` is written here. What `readEnvelope` of ./envelope.ts reads. */
export function writeEnvelope(
  headers: Record<string, unknown>,
  items: readonly ItemToWrite[],
): Uint8Array {
  const parts = [Buffer.from(JSON.stringify(headers))]
  for (const { type, headers, payload } of items) {
    const line = JSON.stringify({ ...headers, type, length: payload.length })
    parts.push(Buffer.from(`${LINE_FEED}${line}${LINE_FEED}`), Buffer.from(payload))
  }
  return Buffer.concat(parts)
}
