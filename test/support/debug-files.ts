/** An ELF file of a 64-bit machine with a build id, a piece of code and a symbol table: what a linker leaves. */
export function elfFile(given: {
  buildId?: string
  symbols?: [name: string, address: number, size: number][]
  /** Where its first segment is meant to lie. */
  base?: number
}): Buffer {
  const { symbols = [], base = 0 } = given
  const names = Buffer.from(`\0${symbols.map(([name]) => `${name}\0`).join("")}`)
  const table = Buffer.alloc(24 * (symbols.length + 1))
  let nameAt = 1
  for (const [index, [name, address, size]] of symbols.entries()) {
    const at = 24 * (index + 1)
    table.writeUInt32LE(nameAt, at)
    table[at + 4] = 0x12
    table.writeUInt16LE(1, at + 6)
    table.writeBigUInt64LE(BigInt(address), at + 8)
    table.writeBigUInt64LE(BigInt(size), at + 16)
    nameAt += name.length + 1
  }
  const note = given.buildId ? noteOf(Buffer.from(given.buildId, "hex")) : Buffer.alloc(0)
  const code = Buffer.from("554889e5b800000000c9c3", "hex")
  const sectionNames = Buffer.from("\0.text\0.note\0.symtab\0.strtab\0.shstrtab\0")
  const bodies = [code, note, table, names, sectionNames]
  const places = placed(bodies, 64 + 56)
  const sections = [
    section(0, 0, { at: 0, size: 0 }, 0),
    section(1, 1, places[0], 0),
    section(7, 7, places[1], 0),
    section(13, 2, places[2], 4),
    section(21, 3, places[3], 0),
    section(29, 3, places[4], 0),
  ]
  const end = places.reduce((last, { at, size }) => Math.max(last, at + size), 0)
  return Buffer.concat([elfHead(end, sections.length), segment(base, end), ...bodies, ...sections])
}

type Place = { at: number; size: number }

function placed(bodies: readonly Buffer[], start: number): Place[] {
  let at = start
  return bodies.map(({ length }) => {
    const place = { at, size: length }
    at += length
    return place
  })
}

function elfHead(sectionsAt: number, sections: number): Buffer {
  const head = Buffer.alloc(64)
  head.write("\x7fELF", 0, "latin1")
  head.set([2, 1, 1], 4)
  head.writeUInt16LE(3, 16)
  head.writeUInt16LE(62, 18)
  head.writeUInt32LE(1, 20)
  head.writeBigUInt64LE(64n, 32)
  head.writeBigUInt64LE(BigInt(sectionsAt), 40)
  head.writeUInt16LE(64, 52)
  head.writeUInt16LE(56, 54)
  head.writeUInt16LE(1, 56)
  head.writeUInt16LE(64, 58)
  head.writeUInt16LE(sections, 60)
  head.writeUInt16LE(sections - 1, 62)
  return head
}

function segment(base: number, size: number): Buffer {
  const bytes = Buffer.alloc(56)
  bytes.writeUInt32LE(1, 0)
  bytes.writeUInt32LE(5, 4)
  bytes.writeBigUInt64LE(BigInt(base), 16)
  bytes.writeBigUInt64LE(BigInt(size), 32)
  bytes.writeBigUInt64LE(BigInt(size), 40)
  return bytes
}

function section(name: number, type: number, place: Place | undefined, link: number): Buffer {
  const bytes = Buffer.alloc(64)
  bytes.writeUInt32LE(name, 0)
  bytes.writeUInt32LE(type, 4)
  bytes.writeBigUInt64LE(BigInt(place?.at ?? 0), 24)
  bytes.writeBigUInt64LE(BigInt(place?.size ?? 0), 32)
  bytes.writeUInt32LE(link, 40)
  return bytes
}

function noteOf(id: Buffer): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt32LE(4, 0)
  head.writeUInt32LE(id.length, 4)
  head.writeUInt32LE(3, 8)
  return Buffer.concat([head, Buffer.from("GNU\0"), id])
}

/** A Mach-O file of a 64-bit machine with a UUID and a symbol table. */
export function machOFile(given: {
  uuid: string
  symbols?: [name: string, address: number][]
  base?: number
  cpu?: number
}): Buffer {
  const { symbols = [], base = 0x100000000, cpu = 0x0100000c } = given
  const names = Buffer.from(`\0${symbols.map(([name]) => `${name}\0`).join("")}`)
  const table = Buffer.alloc(16 * symbols.length)
  let nameAt = 1
  for (const [index, [name, address]] of symbols.entries()) {
    table.writeUInt32LE(nameAt, index * 16)
    table[index * 16 + 4] = 0x0f
    table.writeBigUInt64LE(BigInt(address), index * 16 + 8)
    nameAt += name.length + 1
  }
  const uuid = Buffer.concat([u32s(0x1b, 24), Buffer.from(given.uuid.replaceAll("-", ""), "hex")])
  const text = Buffer.alloc(72)
  u32s(0x19, 72).copy(text)
  text.write("__TEXT", 8, "latin1")
  text.writeBigUInt64LE(BigInt(base), 24)
  const commandsSize = uuid.length + text.length + 24
  const at = 32 + commandsSize
  const symtab = u32s(0x2, 24, at, symbols.length, at + table.length, names.length)
  const head = u32s(0xfeedfacf, cpu, 0, 10, 3, commandsSize, 0, 0)
  return Buffer.concat([head, uuid, text, symtab, table, names])
}

/** One file for several machines. */
export function fatFile(parts: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(8 + parts.length * 20)
  head.writeUInt32BE(0xcafebabe, 0)
  head.writeUInt32BE(parts.length, 4)
  for (const [index, { at, size }] of placed(parts, head.length).entries()) {
    head.writeUInt32BE(at, 8 + index * 20 + 8)
    head.writeUInt32BE(size, 8 + index * 20 + 12)
  }
  return Buffer.concat([head, ...parts])
}

function u32s(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4)
  return bytes
}

export const BREAKPAD_ID = "c0bcc3f1-9827-fe65-3058-404b2831d9e6"
/** `main` at 0x1000 calls `charge`, which was put into it, which calls `parse`, put into that. */
export const BREAKPAD = [
  "MODULE Linux x86_64 C0BCC3F19827FE653058404B2831D9E60 till",
  "INFO CODE_ID F1C3BCC0279865FE3058404B2831D9E6",
  "FILE 0 /src/till/main.c",
  "FILE 1 /src/till/charge.c",
  "INLINE_ORIGIN 0 charge(int, char const*)",
  "INLINE_ORIGIN 1 parse",
  "FUNC 1000 40 0 main",
  "INLINE 0 12 0 0 1010 20",
  "INLINE 1 7 1 1 1018 8 1028 4",
  "1000 10 10 0",
  "1010 8 6 1",
  "1018 8 31 1",
  "1020 10 8 1",
  "1030 10 13 0",
  "FUNC m 2000 10 0 shared name(int, long)",
  "2000 10 99 1",
  "PUBLIC 3000 0 _start",
  "PUBLIC m 4000 8 exported name",
  "STACK CFI INIT 1000 40 .cfa: $rsp 8 +",
  "",
].join("\n")
