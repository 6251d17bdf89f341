import { Readable } from "node:stream"
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl"
import { messageOf } from "#platform/errors.ts"

/** Bytes that are read piece by piece. */
export type ByteSource = { size: number; read(start: number, end: number): Promise<Buffer> }

/** Where a file lies in an archive, and how. */
export type PackedFile = {
  path: string
  /** Offset of its first packed byte. */
  at: number
  packedBytes: number
  /** Unpacked. */
  bytes: number
  isDeflated: boolean
}

export type ZipLimits = {
  maxFiles: number
  maxFileBytes: number
  /** Of all files together, unpacked. */
  maxUnpackedBytes: number
}

/** Why an archive is not taken; the person who sent it reads it. */
export class InvalidBundle extends Error {}

const STORED = 0
const DEFLATED = 8
/** Maps pack to a tenth; a hundredth is a bomb, unless it is small anyway. */
const MAX_RATIO = 100
const ALWAYS_UNPACKED_BYTES = 64 * 1024 * 1024
const UNIX_TYPE = 0xf000
const UNIX_LINK = 0xa000

/** Lists the files of a zip archive. Throws InvalidBundle for whatever no honest program writes. */
export async function readZipIndex(source: ByteSource, limits: ZipLimits): Promise<PackedFile[]> {
  try {
    const zip = await fromRandomAccessReaderPromise(new SourceReader(source), source.size, {
      lazyEntries: true,
      autoClose: false,
    })
    return await listFiles(zip, source.size, limits)
  } catch (error) {
    if (error instanceof InvalidBundle || error instanceof SourceFailure) throw error
    throw new InvalidBundle(`It is not a sound zip archive: ${messageOf(error)}.`)
  }
}

async function listFiles(zip: ZipFile, size: number, limits: ZipLimits): Promise<PackedFile[]> {
  if (zip.entryCount > limits.maxFiles) {
    throw new InvalidBundle(`It holds more than ${limits.maxFiles} files.`)
  }
  const files = new Map<string, PackedFile & { headerAt: number }>()
  const maxBytes = Math.min(limits.maxUnpackedBytes, ALWAYS_UNPACKED_BYTES + size * MAX_RATIO)
  let unpacked = 0
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith("/")) continue
    refuseOdd(entry, limits)
    if (files.has(entry.fileName)) throw new InvalidBundle("It holds two files of one name.")
    unpacked += entry.uncompressedSize
    if (unpacked > maxBytes) throw new InvalidBundle("It unpacks to more than is allowed.")
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
    files.set(entry.fileName, {
      path: entry.fileName,
      headerAt: entry.relativeOffsetOfLocalHeader,
      at: fileDataStart,
      packedBytes: entry.compressedSize,
      bytes: entry.uncompressedSize,
      isDeflated: entry.compressionMethod === DEFLATED,
    })
  }
  refuseOverlap([...files.values()], size)
  return [...files.values()].map(({ headerAt: _headerAt, ...file }) => file)
}

function refuseOdd(entry: Entry, { maxFileBytes }: ZipLimits): void {
  const { fileName, compressionMethod: method } = entry
  const isLink = ((entry.externalFileAttributes >>> 16) & UNIX_TYPE) === UNIX_LINK
  if (isLink) throw new InvalidBundle("It holds a symbolic link.")
  if (fileName.includes("\0")) throw new InvalidBundle("A file's name holds a NUL.")
  if (entry.isEncrypted()) throw new InvalidBundle("It is encrypted.")
  if (method !== STORED && method !== DEFLATED) {
    throw new InvalidBundle("It is packed in a way that is not supported.")
  }
  if (entry.uncompressedSize > maxFileBytes) throw new InvalidBundle("A file in it is too large.")
}

/** Files that share bytes make much of little. */
function refuseOverlap(files: (PackedFile & { headerAt: number })[], size: number): void {
  let end = 0
  for (const file of files.sort((a, b) => a.headerAt - b.headerAt)) {
    if (file.headerAt < end) throw new InvalidBundle("Files in it overlap.")
    end = file.at + file.packedBytes
    if (end > size) throw new InvalidBundle("A file in it is cut short.")
  }
}

/** The bytes could not be read, which says nothing about them. */
export class SourceFailure extends Error {}

class SourceReader extends RandomAccessReader {
  readonly source: ByteSource

  constructor(source: ByteSource) {
    super()
    this.source = source
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const { source } = this
    return Readable.from(
      (async function* () {
        yield await source.read(start, end)
      })(),
    )
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.source.read(position, position + length).then(
      (bytes) => {
        bytes.copy(buffer, offset)
        callback(bytes.length === length ? null : new Error("unexpected end"))
      },
      (cause) => callback(new SourceFailure(messageOf(cause), { cause })),
    )
  }
}
