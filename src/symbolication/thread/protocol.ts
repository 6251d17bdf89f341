import type { PlacedChunk } from "../artifacts/chunk-source.ts"
import type { Context } from "../javascript/context-lines.ts"
import type { FrameResult, RawFrame } from "../javascript/map-frame.ts"
import type { FrameRemapping, JvmFrame } from "../jvm/remap-trace.ts"
import type { NativeFrame } from "../native/symbols.ts"

/** Where the bytes of an uploaded file are. */
export type BlobSlice = {
  /** Names the file in caches. */
  key: string
  chunks: PlacedChunk[]
  at: number
  packedBytes: number
  bytes: number
  isDeflated: boolean
  /** The file itself, when it lies in no blob. */
  body?: Uint8Array
}

/** What there is of a minified file. */
export type FileSources = {
  minified: BlobSlice | null
  map: BlobSlice | "embedded" | null
  mapUrl: string | null
}

/** Frames of one trace, oldest first; null: one that is not mapped. `file` is an index of `files`. */
export type TraceToMap = (({ file: number } & RawFrame) | null)[]

export type MapRequest = { kind: "map"; files: FileSources[]; traces: TraceToMap[] }
export type ContextRequest = {
  kind: "context"
  /** Lines and columns count from 1. */
  places: { source: BlobSlice; line: number; column: number }[]
}
/** A debug file, or the part of one that is for one machine. */
export type ObjectSlice = {
  kind: "proguard" | "breakpad" | "elf" | "macho"
  /** Names it in caches. */
  key: string
  chunks: PlacedChunk[]
  at: number
  bytes: number
}

/** null in place of a file: reading it took too long before. */
export type RemapRequest = {
  kind: "remap"
  mappings: (ObjectSlice | null)[]
  /** `mapping` is an index of `mappings`. */
  traces: { mapping: number; frames: (JvmFrame | null)[]; thrown: string | null }[]
  classes: { mapping: number; name: string }[]
}
export type NameRequest = {
  kind: "name"
  files: (ObjectSlice | null)[]
  /** `file` is an index of `files`; addresses count from the start of the image. */
  addresses: { file: number; at: number }[]
}
export type ThreadRequest = { id: number } & (
  | MapRequest
  | ContextRequest
  | RemapRequest
  | NameRequest
)

export type ThreadFrame =
  | FrameResult
  /** The map cannot be read, and why. */
  | { kind: "invalid_map"; reason: string }
  /** What was uploaded could not be read again. */
  | { kind: "unreadable" }
export type MapAnswer = (ThreadFrame | null)[][]
export type ContextAnswer = (Context | null)[]
/** What is told of a file: why it cannot be used, else whether it has lines. */
export type FileVerdict = { problem: string | null; hasLines: boolean }
export type RemapAnswer = {
  mappings: FileVerdict[]
  remapped: FrameRemapping[][]
  /** Original names. */
  classes: (string | null)[]
}
export type NameAnswer = { files: FileVerdict[]; named: (NativeFrame[] | null)[] }
export type ThreadAnswer = { id: number } & (
  | { traces: MapAnswer }
  | { contexts: ContextAnswer }
  | RemapAnswer
  | NameAnswer
  /** It was no use asking, and is none again: our fault. */
  | { failure: string }
)

/** What a thread is started with. */
export type ThreadSettings = { cacheBytes: number }
