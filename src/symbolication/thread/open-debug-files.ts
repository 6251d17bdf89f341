import type { BlobStore } from "#platform/blobs/blobs.ts"
import { messageOf } from "#platform/errors.ts"
import { readSlice } from "../artifacts/chunk-source.ts"
import { type OpenMapping, openMapping } from "../jvm/mapping.ts"
import { openBreakpad } from "../native/breakpad.ts"
import { openElf } from "../native/elf.ts"
import { openMachO } from "../native/macho.ts"
import { InvalidSymbols, type OpenSymbols } from "../native/symbols.ts"
import { type Kept, SMALL_BYTES } from "./open-files.ts"
import type { ObjectSlice } from "./protocol.ts"
import type { WeightedCache } from "./weighted-cache.ts"

type Opened<T> = { opened: T } | { problem: string }

/** Opens mappings and symbols, and keeps them open as long as there is room among the source maps. */
export function createOpenDebugFiles(
  blobs: BlobStore,
  cache: WeightedCache<Kept>,
  cacheBytes: number,
) {
  /** More would be read anew for each batch, and would push out everything else. */
  const maxBytes = cacheBytes / 2

  async function wholeOf({ chunks, at, bytes }: ObjectSlice): Promise<Buffer> {
    if (bytes > maxBytes) throw new InvalidSymbols("it is too large for the memory that there is")
    return readSlice(blobs, chunks, { start: at, end: at + bytes })
  }

  async function symbolsOf(file: ObjectSlice): Promise<OpenSymbols> {
    if (file.kind === "breakpad") return openBreakpad(await wholeOf(file))
    const { chunks, at, bytes: size } = file
    const read = (start: number, end: number) =>
      readSlice(blobs, chunks, { start: at + start, end: at + Math.min(end, size) })
    return file.kind === "elf"
      ? openElf({ size, read }, maxBytes)
      : openMachO({ size, read }, maxBytes)
  }

  async function remembered<T extends { bytes: number }>(
    file: ObjectSlice | null,
    find: (kept: Kept) => T | null,
    open: (file: ObjectSlice) => Promise<T>,
    keep: (opened: T) => Kept,
  ): Promise<Opened<T>> {
    if (!file) return { problem: "reading it took too long" }
    const known = cache.get(file.key)
    const found = known && find(known)
    if (found) return { opened: found }
    if (known && "reason" in known) return { problem: known.reason }
    try {
      const opened = await open(file)
      cache.set(file.key, keep(opened), opened.bytes)
      return { opened }
    } catch (error) {
      if (!(error instanceof InvalidSymbols)) return { problem: "it could not be read again" }
      cache.set(file.key, { reason: messageOf(error) }, SMALL_BYTES)
      return { problem: messageOf(error) }
    }
  }

  return {
    mapping: (file: ObjectSlice | null): Promise<Opened<OpenMapping>> =>
      remembered(
        file,
        (kept) => ("mapping" in kept ? kept.mapping : null),
        async (each) => openMapping(await wholeOf(each)),
        (mapping) => ({ mapping }),
      ),
    symbols: (file: ObjectSlice | null): Promise<Opened<OpenSymbols>> =>
      remembered(
        file,
        (kept) => ("symbols" in kept ? kept.symbols : null),
        symbolsOf,
        (symbols) => ({ symbols }),
      ),
  }
}

export type OpenDebugFiles = ReturnType<typeof createOpenDebugFiles>
