/** What JSON can say, as MessagePack; strings and lists below 4 GiB, numbers as doubles. */
export function msgpack(value: unknown): Buffer<ArrayBuffer> {
  if (value === null || value === undefined) return Buffer.of(0xc0)
  if (typeof value === "boolean") return Buffer.of(value ? 0xc3 : 0xc2)
  if (typeof value === "number") {
    const packed = Buffer.alloc(9, 0xcb)
    packed.writeDoubleBE(value, 1)
    return packed
  }
  if (typeof value === "string") {
    const bytes = Buffer.from(value)
    return Buffer.concat([head(0xdb, bytes.length), bytes])
  }
  // Holes are elements, too.
  if (Array.isArray(value))
    return Buffer.concat([head(0xdd, value.length), ...Array.from(value, (each) => msgpack(each))])
  const entries = Object.entries(value)
  return Buffer.concat([head(0xdf, entries.length), ...entries.flat().map(msgpack)])
}

function head(mark: number, length: number): Buffer {
  const packed = Buffer.alloc(5, mark)
  packed.writeUInt32BE(length, 1)
  return packed
}
