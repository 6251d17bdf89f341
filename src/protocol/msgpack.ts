/**
 * Reads MessagePack, in which crash reporters write what they cannot write as JSON while their process dies. Made for bytes of
 * strangers: an array is as large as what stands in it, not as what its head claims, and nothing nests deeper than JSON may.
 */
const MAX_DEPTH = 64
const MAX_VALUES = 100_000

class NotMsgpack extends Error {}

/** All values that stand one behind another, extensions as null; null: the bytes are no MessagePack. */
export function readMsgpack(bytes: Uint8Array): unknown[] | null {
  const reader = new Reader(bytes)
  const values: unknown[] = []
  try {
    while (!reader.isAtEnd()) values.push(reader.value(0))
    return values
  } catch (error) {
    // A DataView throws RangeError beyond its end.
    if (error instanceof NotMsgpack || error instanceof RangeError) return null
    throw error
  }
}

const decoder = new TextDecoder()

class Reader {
  #at = 0
  #values = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH || ++this.#values > MAX_VALUES) throw new NotMsgpack()
    const head = this.unsigned(1)
    if (head <= 0x7f) return head
    if (head <= 0x8f) return this.map(head & 0x0f, depth)
    if (head <= 0x9f) return this.array(head & 0x0f, depth)
    if (head <= 0xbf) return this.text(head & 0x1f)
    if (head >= 0xe0) return head - 0x100
    return (MARKED[head - 0xc0] ?? refuse)(this, depth)
  }

  array(length: number, depth: number): unknown[] {
    const array: unknown[] = []
    for (let i = 0; i < length; i++) array.push(this.value(depth + 1))
    return array
  }

  map(length: number, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = []
    for (let i = 0; i < length; i++) {
      const key = this.value(depth + 1)
      if (typeof key !== "string" && typeof key !== "number") throw new NotMsgpack()
      entries.push([String(key), this.value(depth + 1)])
    }
    // Defines, never assigns: "__proto__" is a key like any other.
    return Object.fromEntries(entries)
  }

  text(length: number): string {
    return decoder.decode(this.#take(length))
  }

  extension(length: number): null {
    this.#take(length + 1)
    return null
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new NotMsgpack()
    const part = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return part
  }

  unsigned(size: number): number {
    const at = this.#forward(size)
    if (size === 1) return this.#view.getUint8(at)
    if (size === 2) return this.#view.getUint16(at)
    return size === 4 ? this.#view.getUint32(at) : Number(this.#view.getBigUint64(at))
  }

  signed(size: number): number {
    const at = this.#forward(size)
    if (size === 1) return this.#view.getInt8(at)
    if (size === 2) return this.#view.getInt16(at)
    return size === 4 ? this.#view.getInt32(at) : Number(this.#view.getBigInt64(at))
  }

  /** What JSON could not have said is nothing. */
  float(size: number): number | null {
    const at = this.#forward(size)
    const number = size === 4 ? this.#view.getFloat32(at) : this.#view.getFloat64(at)
    return Number.isFinite(number) ? number : null
  }

  #forward(size: number): number {
    const at = this.#at
    this.#at += size
    return at
  }
}

type ReadMarked = (reader: Reader, depth: number) => unknown

function refuse(): never {
  throw new NotMsgpack()
}

const text =
  (size: number): ReadMarked =>
  (reader) =>
    reader.text(reader.unsigned(size))
const extension =
  (size: number): ReadMarked =>
  (reader) =>
    reader.extension(reader.unsigned(size))
const fixedExtension =
  (length: number): ReadMarked =>
  (reader) =>
    reader.extension(length)
const unsigned =
  (size: number): ReadMarked =>
  (reader) =>
    reader.unsigned(size)
const signed =
  (size: number): ReadMarked =>
  (reader) =>
    reader.signed(size)
const float =
  (size: number): ReadMarked =>
  (reader) =>
    reader.float(size)
const array =
  (size: number): ReadMarked =>
  (reader, depth) =>
    reader.array(reader.unsigned(size), depth)
const map =
  (size: number): ReadMarked =>
  (reader, depth) =>
    reader.map(reader.unsigned(size), depth)

/** Heads from 0xc0 to 0xdf: one type each, with the size of the length behind it. */
const MARKED: ReadMarked[] = [
  ...[() => null, refuse, () => false, () => true],
  ...[1, 2, 4].map(text),
  ...[1, 2, 4].map(extension),
  ...[4, 8].map(float),
  ...[1, 2, 4, 8].map(unsigned),
  ...[1, 2, 4, 8].map(signed),
  ...[1, 2, 4, 8, 16].map(fixedExtension),
  ...[1, 2, 4].map(text),
  ...[2, 4].map(array),
  ...[2, 4].map(map),
]
