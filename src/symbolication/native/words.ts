import { InvalidSymbols } from "./symbols.ts"

/** Numbers of a part of a file in its own byte order; what lies beyond the part throws InvalidSymbols. */
export class Words {
  readonly bytes: Buffer
  readonly isLittle: boolean
  readonly is64: boolean

  constructor(bytes: Buffer, form: { isLittle: boolean; is64: boolean }) {
    this.bytes = bytes
    this.isLittle = form.isLittle
    this.is64 = form.is64
  }

  /** Another part of the same file. */
  in(bytes: Buffer): Words {
    return new Words(bytes, this)
  }

  u16(at: number): number {
    this.#check(at, 2)
    return this.isLittle ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at)
  }

  u32(at: number): number {
    this.#check(at, 4)
    return this.isLittle ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at)
  }

  /** Of a size that all addresses and lengths of real files have. */
  u64(at: number): number {
    this.#check(at, 8)
    const value = this.isLittle ? this.bytes.readBigUInt64LE(at) : this.bytes.readBigUInt64BE(at)
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new InvalidSymbols("a number is too large")
    return Number(value)
  }

  /** As wide as an address of the machine. */
  word(at: number): number {
    return this.is64 ? this.u64(at) : this.u32(at)
  }

  #check(at: number, size: number): void {
    if (at < 0 || at + size > this.bytes.length) throw new InvalidSymbols("it is cut short")
  }
}
