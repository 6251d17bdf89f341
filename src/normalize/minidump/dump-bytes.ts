/** What a dump promises is not there. */
export class InvalidDump extends Error {}

const MAX_NAME_BYTES = 1024

/** Little-endian numbers and texts of a file that nobody vouches for: whatever reaches beyond its end throws InvalidDump. */
export class DumpBytes {
  readonly #bytes: Buffer

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get length(): number {
    return this.#bytes.length
  }

  u8(at: number): number {
    return this.#bytes.readUInt8(this.#checked(at, 1))
  }

  u16(at: number): number {
    return this.#bytes.readUInt16LE(this.#checked(at, 2))
  }

  u32(at: number): number {
    return this.#bytes.readUInt32LE(this.#checked(at, 4))
  }

  u64(at: number): bigint {
    return this.#bytes.readBigUInt64LE(this.#checked(at, 8))
  }

  slice(at: number, size: number): Buffer {
    return this.#bytes.subarray(this.#checked(at, size), at + size)
  }

  /** A text with its length in bytes before it; long ones are cut. */
  utf16(at: number): string {
    const size = Math.min(this.u32(at) & ~1, MAX_NAME_BYTES)
    return plain(this.slice(at + 4, size).toString("utf16le"))
  }

  /** Up to the first NUL, at most `size` bytes. */
  utf8(at: number, size: number): string {
    const bytes = this.slice(at, Math.min(size, MAX_NAME_BYTES))
    const end = bytes.indexOf(0)
    return plain(bytes.subarray(0, end === -1 ? bytes.length : end).toString())
  }

  /** A text of UTF-8 with its length before it; long ones are cut. */
  counted(at: number): string {
    return this.utf8(at + 4, this.u32(at))
  }

  #checked(at: number, size: number): number {
    if (at < 0 || at + size > this.#bytes.length) throw new InvalidDump("it is cut short")
    return at
  }
}

const plain = (text: string) => text.replaceAll("\0", "").toWellFormed().trim()
