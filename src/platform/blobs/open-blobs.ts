import type { BlobStore } from "./blobs.ts"
import { createFolderBlobs } from "./folder-blobs.ts"
import { createS3Blobs, type S3Options } from "./s3-blobs.ts"

/** Where blobs are, as data that another thread can be told. */
export type BlobPlace =
  | { kind: "folder"; directory: string; minFreeBytes: number }
  | ({ kind: "s3" } & S3Options)

export function openBlobs(place: BlobPlace): BlobStore {
  if (place.kind === "folder") return createFolderBlobs(place.directory, place.minFreeBytes)
  const { kind: _kind, ...options } = place
  return createS3Blobs(options)
}
