import { readAnnotations } from "./crashpad.ts"
import { DumpBytes, InvalidDump } from "./dump-bytes.ts"
import { type DumpModule, readModules } from "./modules.ts"
import { recordsOf, type Stream } from "./records.ts"
import { readRegisters } from "./registers.ts"
import { type Cpu, type DumpSystem, readSystem } from "./system.ts"

export type DumpThread = {
  id: number
  name: string | null
  /** null: its context is not in the dump. */
  registers: Record<string, string> | null
  /** Where it was; null as above. */
  at: bigint | null
}

export type DumpException = {
  threadId: number
  code: number
  flags: number
  address: bigint
  parameters: bigint[]
}

/** What is in a minidump beside memory. */
export type Minidump = {
  system: DumpSystem
  /** null: nothing crashed, somebody asked for the dump. */
  exception: DumpException | null
  threads: DumpThread[]
  modules: DumpModule[]
  /** What the program told of itself, where it uses Crashpad. */
  annotations: Record<string, string>
}

const STREAM = {
  threads: 3,
  modules: 4,
  exception: 6,
  system: 7,
  threadNames: 24,
  crashpad: 0x43500001,
}
const MAX_STREAMS = 1000
const MAX_THREADS = 250
const THREAD_BYTES = 48
const THREAD_NAME_BYTES = 12
const MAX_PARAMETERS = 15

/** Reads the summary of a dump, however large its memory is. Throws InvalidDump when not even the system is told. */
export function readMinidump(file: Uint8Array): Minidump {
  const bytes = new DumpBytes(file)
  if (bytes.slice(0, 4).toString("latin1") !== "MDMP") throw new InvalidDump("it is no minidump")
  const streams = readDirectory(bytes)
  const systemAt = streams.get(STREAM.system)
  if (!systemAt) throw new InvalidDump("it does not tell of which system it is")
  const system = readSystem(bytes, systemAt)
  const crash = attempt(streams, STREAM.exception, (stream) => readException(bytes, stream, system))
  return {
    system,
    exception: crash?.exception ?? null,
    threads: readThreads(bytes, streams, system.cpu).map((thread) =>
      // The thread was in the handler by then: only the exception knows where it crashed.
      crash?.registers && thread.id === crash.exception.threadId
        ? { ...thread, ...crash.registers }
        : thread,
    ),
    modules: attempt(streams, STREAM.modules, (stream) => readModules(bytes, stream, system)) ?? [],
    annotations:
      attempt(streams, STREAM.crashpad, (stream) => readAnnotations(bytes, stream)) ?? {},
  }
}

function readDirectory(bytes: DumpBytes): Map<number, Stream> {
  const count = Math.min(bytes.u32(8), MAX_STREAMS)
  const start = bytes.u32(12)
  const streams = new Map<number, Stream>()
  for (let index = 0; index < count; index++) {
    const at = start + index * 12
    const type = bytes.u32(at)
    if (!streams.has(type)) streams.set(type, { size: bytes.u32(at + 4), at: bytes.u32(at + 8) })
  }
  return streams
}

/** A broken stream costs what it would have told, not the rest. */
function attempt<T>(
  streams: ReadonlyMap<number, Stream>,
  type: number,
  read: (stream: Stream) => T,
): T | null {
  const stream = streams.get(type)
  if (!stream) return null
  try {
    return read(stream)
  } catch (error) {
    if (error instanceof InvalidDump) return null
    throw error
  }
}

type Located = Pick<DumpThread, "registers" | "at">
type Crash = { exception: DumpException; registers: Located | null }

function readException(bytes: DumpBytes, { at }: Stream, { cpu }: DumpSystem): Crash {
  const count = Math.min(bytes.u32(at + 32), MAX_PARAMETERS)
  const exception = {
    threadId: bytes.u32(at),
    code: bytes.u32(at + 8),
    flags: bytes.u32(at + 12),
    address: bytes.u64(at + 24),
    parameters: Array.from({ length: count }, (_, index) => bytes.u64(at + 40 + index * 8)),
  }
  const located = locate(bytes, { size: bytes.u32(at + 160), at: bytes.u32(at + 164) }, cpu)
  return { exception, registers: located.at === null ? null : located }
}

function readThreads(
  bytes: DumpBytes,
  streams: ReadonlyMap<number, Stream>,
  cpu: Cpu,
): DumpThread[] {
  const names = attempt(streams, STREAM.threadNames, (stream) => readNames(bytes, stream))
  const read = (stream: Stream) =>
    recordsOf(bytes, stream, THREAD_BYTES, MAX_THREADS).map((at) => {
      const id = bytes.u32(at)
      const context = { size: bytes.u32(at + 40), at: bytes.u32(at + 44) }
      return { id, name: names?.get(id) || null, ...locate(bytes, context, cpu) }
    })
  return attempt(streams, STREAM.threads, read) ?? []
}

function locate(bytes: DumpBytes, context: Stream, cpu: Cpu): Located {
  try {
    return readRegisters(bytes, context, cpu)
  } catch (error) {
    if (error instanceof InvalidDump) return { registers: null, at: null }
    throw error
  }
}

function readNames(bytes: DumpBytes, stream: Stream): Map<number, string> {
  const named = recordsOf(bytes, stream, THREAD_NAME_BYTES, MAX_THREADS).map(
    (at) => [bytes.u32(at), bytes.utf16(bytes.u32(at + 4))] as const,
  )
  return new Map(named)
}
