import type { PlacedChunk } from "../artifacts/chunk-source.ts"
import type { Context } from "../javascript/context-lines.ts"
import type { FrameResult, RawFrame } from "../javascript/map-frame.ts"

/** Where the bytes of an uploaded file are. */
export type BlobSlice = {
  /** Names the file in caches. */
  key: string
  chunks: PlacedChunk[]
  at: number
  packedBytes: number
  bytes: number
  isDeflated: boolean
}

/** What there is of a minified file; with bytes in place of a slice it was fetched from the web. */
export type FileSources = {
  minified: BlobSlice | FetchedText | null
  map: BlobSlice | FetchedText | "embedded" | null
  mapUrl: string | null
}
export type FetchedText = { key: string; text: string }

/** Frames of one trace, oldest first; null: one that is not mapped. `file` is an index of `files`. */
export type TraceToMap = (({ file: number } & RawFrame) | null)[]

export type MapRequest = { kind: "map"; files: FileSources[]; traces: TraceToMap[] }
export type ContextRequest = {
  kind: "context"
  /** Lines and columns count from 1. */
  places: { source: BlobSlice; line: number; column: number }[]
}
export type ThreadRequest = { id: number } & (MapRequest | ContextRequest)

export type ThreadFrame =
  | FrameResult
  /** The map cannot be read, and why. */
  | { kind: "invalid_map"; reason: string }
  /** What was uploaded could not be read again. */
  | { kind: "unreadable" }
export type MapAnswer = (ThreadFrame | null)[][]
export type ContextAnswer = (Context | null)[]
export type ThreadAnswer = { id: number } & ({ traces: MapAnswer } | { contexts: ContextAnswer })

/** What a thread is started with. */
export type ThreadSettings = { cacheBytes: number }
