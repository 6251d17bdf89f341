import { uuidOf } from "#normalize/values/debug-id.ts"
import type { ByteSource } from "../artifacts/zip-index.ts"
import { openTable, type TableSymbol } from "./symbol-table.ts"
import { InvalidSymbols, type ObjectLabel, type OpenSymbols } from "./symbols.ts"
import { Words } from "./words.ts"

const MAGIC = { fat: 0xcafebabe, fat64: 0xcafebabf, thin32: 0xfeedface, thin64: 0xfeedfacf }
const COMMAND = { symbols: 0x2, segment: 0x1, segment64: 0x19, uuid: 0x1b }
const CPUS = new Map([
  [7, "x86"],
  [0x01000007, "x86_64"],
  [12, "arm"],
  [0x0100000c, "arm64"],
  [0x0200000c, "arm64_32"],
])
const ARM64E = 2
const TYPES = new Map([
  [2, "exe"],
  [6, "lib"],
  [10, "dbg"],
] as const)
/** Java's classes begin with the same four bytes; no program is for so many machines. */
const MAX_MACHINES = 20
const MAX_COMMANDS_BYTES = 1024 * 1024
const IN_SECTION = 0x0e
const STAB = 0xe0

/** The parts of a file for several machines, each a file of its own. */
export type Slice = { at: number; size: number }

export function isMachO(start: Buffer): boolean {
  if (start.length < 8) return false
  const magic = start.readUInt32BE(0)
  if (magic === MAGIC.fat || magic === MAGIC.fat64) {
    return start.readUInt32BE(4) <= MAX_MACHINES
  }
  const little = start.readUInt32LE(0)
  return little === MAGIC.thin32 || little === MAGIC.thin64
}

export async function slicesOf(file: ByteSource): Promise<Slice[]> {
  const start = await file.read(0, Math.min(file.size, 8 + MAX_MACHINES * 32))
  const words = new Words(start, { isLittle: false, is64: true })
  const magic = words.u32(0)
  if (magic !== MAGIC.fat && magic !== MAGIC.fat64) return [{ at: 0, size: file.size }]
  const slices = Array.from({ length: Math.min(words.u32(4), MAX_MACHINES) }, (_, index) =>
    magic === MAGIC.fat
      ? { at: words.u32(8 + index * 20 + 8), size: words.u32(8 + index * 20 + 12) }
      : { at: words.u64(8 + index * 32 + 8), size: words.u64(8 + index * 32 + 16) },
  )
  if (slices.some(({ at, size }) => at + size > file.size))
    throw new InvalidSymbols("it is cut short")
  return slices
}

type MachO = {
  cpu: string
  type: ObjectLabel["type"]
  uuid: string | null
  /** Where its code is meant to lie. */
  base: number
  sections: Set<string>
  symbols: { at: number; count: number; namesAt: number; namesSize: number } | null
  head: Words
}

/** Throws InvalidSymbols when it has no id: nobody could ask for it. */
export async function labelMachO(file: ByteSource): Promise<ObjectLabel> {
  const { cpu, type, uuid, sections, symbols } = await readMachO(file)
  if (!uuid) throw new InvalidSymbols("it has no UUID")
  return {
    kind: "macho",
    debugId: uuid,
    codeId: uuid.replaceAll("-", ""),
    cpu,
    type,
    features: [
      ...(symbols && symbols.count > 0 ? ["symtab"] : []),
      ...(sections.has("__DWARF") ? ["debug"] : []),
    ],
  }
}

export async function openMachO(file: ByteSource, maxBytes: number): Promise<OpenSymbols> {
  const { symbols, base, head } = await readMachO(file)
  if (!symbols) throw new InvalidSymbols("it has no symbol table")
  const width = head.is64 ? 16 : 12
  const end = symbols.at + symbols.count * width
  const namesEnd = symbols.namesAt + symbols.namesSize
  if (end > file.size || namesEnd > file.size) throw new InvalidSymbols("it is cut short")
  if (symbols.count * width + symbols.namesSize > maxBytes) {
    throw new InvalidSymbols("its symbol table is too large")
  }
  const table = head.in(await file.read(symbols.at, end))
  const names = await file.read(symbols.namesAt, namesEnd)
  return openTable([...symbolsIn(table, base, width)], names, "_")
}

function* symbolsIn(table: Words, base: number, width: number): Generator<TableSymbol> {
  const { bytes } = table
  for (let at = 0; at + width <= bytes.length; at += width) {
    const type = bytes[at + 4] ?? 0
    if ((type & STAB) !== 0 || (type & IN_SECTION) !== IN_SECTION) continue
    const address = table.word(at + 8)
    if (address >= base) yield { address: address - base, size: 0, name: table.u32(at) }
  }
}

async function readMachO(file: ByteSource): Promise<MachO> {
  const start = await file.read(0, Math.min(file.size, 32))
  if (start.length < 28) throw new InvalidSymbols("it is cut short")
  const is64 = start.readUInt32LE(0) === MAGIC.thin64
  if (!is64 && start.readUInt32LE(0) !== MAGIC.thin32) {
    throw new InvalidSymbols("a part of it is no Mach-O file")
  }
  const head = new Words(start, { isLittle: true, is64 })
  const cpuType = head.u32(4)
  const cpu = CPUS.get(cpuType) ?? "unknown"
  const commandsAt = is64 ? 32 : 28
  const size = head.u32(20)
  if (size > MAX_COMMANDS_BYTES || commandsAt + size > file.size) {
    throw new InvalidSymbols("it is cut short")
  }
  const read: MachO = {
    cpu: cpu === "arm64" && (head.u32(8) & 0xff) === ARM64E ? "arm64e" : cpu,
    type: TYPES.get(head.u32(12) as 2 | 6 | 10) ?? "none",
    uuid: null,
    base: 0,
    sections: new Set(),
    symbols: null,
    head,
  }
  readCommands(head.in(await file.read(commandsAt, commandsAt + size)), head.u32(16), read)
  return read
}

function readCommands(commands: Words, count: number, into: MachO): void {
  let at = 0
  for (let index = 0; index < count && at + 8 <= commands.bytes.length; index++) {
    const [command, size] = [commands.u32(at), commands.u32(at + 4)]
    if (size < 8) throw new InvalidSymbols("a command of it has no size")
    if (command === COMMAND.uuid) into.uuid = uuidOf(commands.bytes.subarray(at + 8, at + 24))
    if (command === COMMAND.symbols) {
      into.symbols = {
        at: commands.u32(at + 8),
        count: commands.u32(at + 12),
        namesAt: commands.u32(at + 16),
        namesSize: commands.u32(at + 20),
      }
    }
    if (command === COMMAND.segment || command === COMMAND.segment64) {
      const name = commands.bytes.toString("latin1", at + 8, at + 24).split("\0", 1)[0] ?? ""
      into.sections.add(name)
      if (name === "__TEXT") into.base = commands.word(at + 24)
    }
    at += size
  }
}
