import { buildIdToDebugId } from "#normalize/values/debug-id.ts"
import type { ByteSource } from "../artifacts/zip-index.ts"
import { openTable, type TableSymbol } from "./symbol-table.ts"
import { InvalidSymbols, type ObjectLabel, type OpenSymbols } from "./symbols.ts"
import { Words } from "./words.ts"

type Section = { name: string; type: number; at: number; size: number; link: number }
type Segment = { type: number; at: number; address: number; size: number }
type Elf = {
  head: Words
  file: ByteSource
  machine: number
  type: number
  sections: Section[]
  segments: Segment[]
}

const SECTION = { symbols: 2, note: 7, noBits: 8, dynamicSymbols: 11 }
const SEGMENT = { load: 1, note: 4 }
const FUNCTION_TYPES = new Set([2, 10])
const MACHINES = new Map([
  [3, "x86"],
  [40, "arm"],
  [62, "x86_64"],
  [183, "arm64"],
  [243, "riscv64"],
  [8, "mips"],
  [20, "ppc"],
  [21, "ppc64"],
])
const ARM = 40
const MAX_HEADERS = 70_000
const MAX_NOTE_BYTES = 1024 * 1024
const MAX_NAMES_BYTES = 16 * 1024 * 1024
const TEXT_BYTES = 4096

/** Throws InvalidSymbols when it has no id: nobody could ask for it. */
export async function labelElf(file: ByteSource): Promise<ObjectLabel> {
  const elf = await readElf(file)
  const buildId = await buildIdOf(elf)
  const debugId = buildIdToDebugId(buildId ?? (await idOfText(elf)), !elf.head.isLittle)
  if (!debugId) throw new InvalidSymbols("it has neither a build id nor code")
  const has = (...names: string[]) =>
    elf.sections.some(({ name, type }) => names.includes(name) && type !== SECTION.noBits)
  const isStripped = !has(".text")
  const features = [
    ...(elf.sections.some(({ type }) => isSymbols(type)) ? ["symtab"] : []),
    ...(has(".debug_info", ".zdebug_info") ? ["debug"] : []),
    ...(has(".eh_frame", ".debug_frame") ? ["unwind"] : []),
  ]
  return {
    kind: "elf",
    debugId,
    codeId: buildId?.toString("hex") ?? null,
    cpu: MACHINES.get(elf.machine) ?? "unknown",
    type: isStripped ? "dbg" : elf.type === 2 ? "exe" : "lib",
    features,
  }
}

export async function openElf(file: ByteSource, maxBytes: number): Promise<OpenSymbols> {
  const elf = await readElf(file)
  // The full table holds what the one for the loader does, and more.
  const section =
    elf.sections.find(({ type }) => type === SECTION.symbols) ??
    elf.sections.find(({ type }) => type === SECTION.dynamicSymbols)
  const names = section && elf.sections[section.link]
  if (!section || !names) throw new InvalidSymbols("it has no symbol table")
  if (section.size + names.size > maxBytes)
    throw new InvalidSymbols("its symbol table is too large")
  const table = elf.head.in(await part(file, section))
  return openTable([...symbolsIn(table, elf)], await part(file, names), "")
}

function* symbolsIn(table: Words, { machine, segments }: Elf): Generator<TableSymbol> {
  const { is64, bytes } = table
  const start = baseOf(segments)
  const width = is64 ? 24 : 16
  const offsets = is64
    ? { info: 4, section: 6, value: 8, size: 16 }
    : { info: 12, section: 14, value: 4, size: 8 }
  for (let at = width; at + width <= bytes.length; at += width) {
    const type = (bytes[at + offsets.info] ?? 0) & 15
    if (!FUNCTION_TYPES.has(type) || table.u16(at + offsets.section) === 0) continue
    const value = table.word(at + offsets.value)
    // The last bit tells of the kind of instructions.
    const address = machine === ARM ? value - (value & 1) : value
    if (address < start) continue
    yield { address: address - start, size: table.word(at + offsets.size), name: table.u32(at) }
  }
}

/** Where the file is meant to be loaded. */
function baseOf(segments: readonly Segment[]): number {
  const addresses = segments.filter(isLoaded).map(({ address }) => address)
  return addresses.length === 0 ? 0 : Math.min(...addresses)
}

const isLoaded = ({ type }: Segment) => type === SEGMENT.load
const isSymbols = (type: number) => type === SECTION.symbols || type === SECTION.dynamicSymbols

async function readElf(file: ByteSource): Promise<Elf> {
  const bytes = await file.read(0, Math.min(64, file.size))
  const head = new Words(bytes, { is64: bytes[4] === 2, isLittle: bytes[5] === 1 })
  const { is64 } = head
  const [segmentsAt, sectionsAt] = is64
    ? [head.u64(32), head.u64(40)]
    : [head.u32(28), head.u32(32)]
  const sizesAt = is64 ? 54 : 42
  const segments = { at: segmentsAt, width: head.u16(sizesAt), count: head.u16(sizesAt + 2) }
  const sections = { at: sectionsAt, width: head.u16(sizesAt + 4), count: head.u16(sizesAt + 6) }
  const read = await readSections(file, head, sections)
  return {
    head,
    file,
    machine: head.u16(18),
    type: head.u16(16),
    sections: await named(file, read, head.u16(sizesAt + 8)),
    segments: await readSegments(file, head, segments),
  }
}

type Table = { at: number; width: number; count: number }

async function tableOf(file: ByteSource, { at, width, count }: Table): Promise<Buffer> {
  if (count > MAX_HEADERS || width > 256) throw new InvalidSymbols("it has too many parts")
  return part(file, { at, size: width * count })
}

async function readSections(file: ByteSource, head: Words, table: Table) {
  if (table.at === 0) return []
  const words = head.in(await tableOf(file, table))
  const { is64 } = head
  return Array.from({ length: table.count }, (_, index) => {
    const start = index * table.width
    return {
      nameAt: words.u32(start),
      type: words.u32(start + 4),
      at: words.word(start + (is64 ? 24 : 16)),
      size: words.word(start + (is64 ? 32 : 20)),
      link: words.u32(start + (is64 ? 40 : 24)),
    }
  })
}

async function named(
  file: ByteSource,
  sections: (Omit<Section, "name"> & { nameAt: number })[],
  namesIndex: number,
): Promise<Section[]> {
  const place = sections[namesIndex]
  const names = place && place.size <= MAX_NAMES_BYTES ? await part(file, place) : Buffer.alloc(0)
  return sections.map(({ nameAt, ...section }) => {
    const end = names.indexOf(0, nameAt)
    return { ...section, name: names.toString("latin1", nameAt, Math.min(end, nameAt + 256)) }
  })
}

async function readSegments(file: ByteSource, head: Words, table: Table): Promise<Segment[]> {
  if (table.at === 0) return []
  const words = head.in(await tableOf(file, table))
  const { is64 } = head
  return Array.from({ length: table.count }, (_, index) => {
    const start = index * table.width
    return {
      type: words.u32(start),
      at: words.word(start + (is64 ? 8 : 4)),
      address: words.word(start + (is64 ? 16 : 8)),
      size: words.word(start + (is64 ? 32 : 16)),
    }
  })
}

async function buildIdOf({ head, file, sections, segments }: Elf): Promise<Buffer | null> {
  const places = [
    ...sections.filter(({ type }) => type === SECTION.note),
    // A stripped file may have no sections at all.
    ...segments.filter(({ type }) => type === SEGMENT.note),
  ]
  for (const place of places) {
    if (place.size > MAX_NOTE_BYTES) continue
    // Files with debug information alone tell of segments that are not in them.
    if (place.at + place.size > file.size) continue
    const id = noteIn(head.in(await part(file, place)))
    if (id) return id
  }
  return null
}

const BUILD_ID = 3

function noteIn(notes: Words): Buffer | null {
  const { bytes } = notes
  let at = 0
  while (at + 12 <= bytes.length) {
    const [nameSize, size, type] = [notes.u32(at), notes.u32(at + 4), notes.u32(at + 8)]
    const start = at + 12 + padded(nameSize)
    const isOurs = type === BUILD_ID && bytes.toString("latin1", at + 12, at + 15) === "GNU"
    if (isOurs && size > 0) return Buffer.from(bytes.subarray(start, start + size))
    at = start + padded(size)
  }
  return null
}

const padded = (size: number) => Math.ceil(size / 4) * 4

/** Linkers without ids leave the code itself: its first page folded to sixteen bytes. */
async function idOfText({ file, sections }: Elf): Promise<Buffer> {
  const text = sections.find(({ name, type }) => name === ".text" && type !== SECTION.noBits)
  const id = Buffer.alloc(16)
  if (!text) return id
  const code = await part(file, { at: text.at, size: Math.min(text.size, TEXT_BYTES) })
  for (const [index, byte] of code.entries()) id[index % 16] = (id[index % 16] ?? 0) ^ byte
  return id
}

async function part(file: ByteSource, { at, size }: { at: number; size: number }): Promise<Buffer> {
  if (at + size > file.size) throw new InvalidSymbols("it is cut short")
  return file.read(at, at + size)
}
