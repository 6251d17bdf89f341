import type { DumpBytes } from "./dump-bytes.ts"
import type { Cpu } from "./system.ts"

type Layout = {
  width: 4 | 8
  /** Offset of each register in the context of a thread. */
  offsets: Record<string, number>
  instruction: string
  bytes: number
}

/** Names of registers that follow each other. */
function row(first: number, width: 4 | 8, names: string): Record<string, number> {
  return Object.fromEntries(names.split(" ").map((name, index) => [name, first + index * width]))
}

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`).join(" ")

const LAYOUTS: Partial<Record<Cpu, Layout>> = {
  x86: {
    width: 4,
    offsets: { ...row(156, 4, "edi esi ebx edx ecx eax ebp eip"), ...row(192, 4, "eflags esp") },
    instruction: "eip",
    bytes: 204,
  },
  x86_64: {
    width: 8,
    offsets: row(120, 8, "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15 rip"),
    instruction: "rip",
    bytes: 256,
  },
  arm: {
    width: 4,
    offsets: row(4, 4, `${numbered("r", 13)} sp lr pc`),
    instruction: "pc",
    bytes: 68,
  },
  arm64: {
    width: 8,
    offsets: row(8, 8, `${numbered("x", 29)} fp lr sp pc`),
    instruction: "pc",
    bytes: 272,
  },
}

/** What the processor held, in hexadecimal, and where it was. */
export function readRegisters(
  bytes: DumpBytes,
  context: { at: number; size: number },
  cpu: Cpu,
): { registers: Record<string, string> | null; at: bigint | null } {
  const layout = LAYOUTS[cpu]
  if (!layout || context.size < layout.bytes) return { registers: null, at: null }
  const { width, offsets, instruction } = layout
  const read = (offset: number) => {
    const at = context.at + offset
    return width === 8 ? bytes.u64(at) : BigInt(bytes.u32(at))
  }
  const values = Object.entries(offsets).map(([name, offset]) => [name, read(offset)] as const)
  return {
    registers: Object.fromEntries(values.map(([name, value]) => [name, hex(value)])),
    at: read(offsets[instruction] ?? 0),
  }
}

export const hex = (value: bigint | number) => `0x${value.toString(16)}`
