import { minidump } from "./minidump.ts"

type GivenModule = { base: number; size: number; file: string; identity?: Buffer; stamp?: number }
type GivenThread = { id: number; at?: bigint; name?: string }
type Pairs = Record<string, string>
export type GivenDump = {
  platform?: number
  cpu?: number
  version?: [number, number, number]
  detail?: string
  crash?: {
    threadId: number
    code: number
    flags?: number
    address?: bigint
    parameters?: bigint[]
    at?: bigint
  }
  threads?: GivenThread[]
  modules?: GivenModule[]
  /** Crashpad's: of the process, of a module, and of a module in the newer form. */
  annotations?: { simple?: Pairs; module?: Pairs; objects?: Pairs }
  /** As macOS writes lists: records aligned to eight bytes. */
  isPadded?: boolean
}

export const LINUX = 0x8201
export const WINDOWS = 2
export const MACOS = 0x8101
const AMD64 = 9

/** The record that names the file with the symbols: a GUID and how often it was built. */
export function rsds(guid: string, age: number, file: string): Buffer {
  const record = Buffer.alloc(24)
  record.write("RSDS", 0, "latin1")
  Buffer.from(guid, "hex").copy(record, 4)
  record.writeUInt32LE(age, 20)
  return Buffer.concat([record, Buffer.from(`${file}\0`)])
}

export const buildId = (hex: string) =>
  Buffer.concat([Buffer.from("LEpB", "latin1"), Buffer.from(hex, "hex")])

/** A small dump of what is given. */
export function crashDump(given: GivenDump = {}): Buffer<ArrayBuffer> {
  const blocks: Buffer[] = []
  const { length: streamCount } = Object.keys(given)
  let end = 32 + 12 * (4 + streamCount)
  const put = (block: Buffer): number => {
    const at = end
    blocks.push(block)
    end += block.length
    return at
  }
  const putText = (text: string) => {
    const body = Buffer.from(text, "utf16le")
    return put(Buffer.concat([u32(body.length), body]))
  }
  const putContext = (at: bigint | undefined) => {
    if (at === undefined) return [0, 0] as const
    const context = Buffer.alloc(272)
    context.writeBigUInt64LE(at, 248)
    return [context.length, put(context)] as const
  }
  const list = (records: Buffer[]) =>
    Buffer.concat([u32(records.length), ...(given.isPadded ? [u32(0)] : []), ...records])
  const streams: [type: number, body: Buffer][] = [[7, systemOf(given, putText)]]

  if (given.crash) streams.push([6, exceptionOf(given.crash, putContext)])
  if (given.threads) {
    const records = given.threads.map(({ id, at }) => {
      const record = Buffer.alloc(48)
      const [size, offset] = putContext(at)
      record.writeUInt32LE(id, 0)
      record.writeUInt32LE(size, 40)
      record.writeUInt32LE(offset, 44)
      return record
    })
    streams.push([3, list(records)])
    const named = given.threads.flatMap(({ id, name }) => {
      if (name === undefined) return []
      const record = Buffer.alloc(12)
      record.writeUInt32LE(id, 0)
      record.writeUInt32LE(putText(name), 4)
      return [record]
    })
    if (named.length > 0) streams.push([24, Buffer.concat([u32(named.length), ...named])])
  }
  if (given.modules) {
    const records = given.modules.map(({ base, size, file, identity, stamp = 0 }) => {
      const record = Buffer.alloc(108)
      record.writeBigUInt64LE(BigInt(base), 0)
      record.writeUInt32LE(size, 8)
      record.writeUInt32LE(stamp, 16)
      record.writeUInt32LE(putText(file), 20)
      record.writeUInt32LE(identity?.length ?? 0, 76)
      record.writeUInt32LE(identity ? put(identity) : 0, 80)
      return record
    })
    streams.push([4, list(records)])
  }
  if (given.annotations) streams.push([0x43500001, crashpadOf(given.annotations, put)])
  return joined(streams, put, blocks)
}

function joined(
  streams: [type: number, body: Buffer][],
  put: (block: Buffer) => number,
  blocks: Buffer[],
): Buffer<ArrayBuffer> {
  const directory = streams.map(([type, body]) =>
    Buffer.concat([u32(type), u32(body.length), u32(put(body))]),
  )
  const head = minidump().subarray(0, 32)
  head.writeUInt32LE(streams.length, 8)
  const written = Buffer.concat([head, ...directory])
  // Blocks were placed behind a directory of the largest size that there may be.
  const first = blocks.reduce((sum, { length }) => sum - length, put(Buffer.alloc(0)))
  return Buffer.concat([written, Buffer.alloc(first - written.length), ...blocks])
}

function crashpadOf(
  { simple = {}, module = {}, objects = {} }: NonNullable<GivenDump["annotations"]>,
  put: (block: Buffer) => number,
): Buffer {
  const text = (value: string) => {
    const body = Buffer.from(value)
    return u32(put(Buffer.concat([u32(body.length), body, Buffer.alloc(1)])))
  }
  const dictionary = (pairs: Pairs, between: Buffer[] = []) => {
    const entries = Object.entries(pairs).map(([name, value]) =>
      Buffer.concat([text(name), ...between, text(value)]),
    )
    return u32(put(Buffer.concat([u32(entries.length), ...entries])))
  }
  const isString = Buffer.from([1, 0, 0, 0])
  const none = Buffer.alloc(8)
  const info = put(
    Buffer.concat([
      u32(1),
      none,
      u32(0),
      dictionary(module),
      u32(0),
      dictionary(objects, [isString]),
    ]),
  )
  const modules = put(Buffer.concat([u32(1), u32(0), u32(28), u32(info)]))
  const head = Buffer.concat([u32(1), Buffer.alloc(32)])
  return Buffer.concat([head, u32(0), dictionary(simple), u32(0), u32(modules)])
}

function systemOf(
  { platform = LINUX, cpu = AMD64, version, detail }: GivenDump,
  putText: (text: string) => number,
) {
  const system = Buffer.alloc(56)
  system.writeUInt16LE(cpu, 0)
  for (const [index, part] of (version ?? []).entries()) system.writeUInt32LE(part, 8 + index * 4)
  system.writeUInt32LE(platform, 20)
  if (detail !== undefined) system.writeUInt32LE(putText(detail), 24)
  return system
}

function exceptionOf(
  { threadId, code, flags = 0, address = 0n, parameters = [], at }: NonNullable<GivenDump["crash"]>,
  putContext: (at: bigint | undefined) => readonly [number, number],
) {
  const exception = Buffer.alloc(168)
  const [size, offset] = putContext(at)
  exception.writeUInt32LE(threadId, 0)
  exception.writeUInt32LE(code, 8)
  exception.writeUInt32LE(flags, 12)
  exception.writeBigUInt64LE(address, 24)
  exception.writeUInt32LE(parameters.length, 32)
  for (const [index, value] of parameters.entries()) {
    exception.writeBigUInt64LE(value, 40 + index * 8)
  }
  exception.writeUInt32LE(size, 160)
  exception.writeUInt32LE(offset, 164)
  return exception
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
