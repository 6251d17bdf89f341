/** Bundles, debug files, attachments: bytes under a key. */
export interface BlobStore {
  /** Stores the whole blob or nothing; an existing one is replaced. */
  put(key: string, bytes: Uint8Array): Promise<void>
  /** null = no such blob. */
  get(key: string): Promise<Uint8Array | null>
  /** The bytes from `start` to before `end`; fewer where the blob ends before; null = no such blob. */
  slice(key: string, start: number, end: number): Promise<Uint8Array | null>
  /** The same piece by piece, for what is too large to be held in memory. */
  stream(key: string): Promise<ReadableStream<Uint8Array> | null>
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>
  exists(key: string): Promise<boolean>
  /** Names of the folders directly below this one, sorted; none when there is no such folder. */
  folders(folder: string): Promise<string[]>
  /** Removes a folder with everything in it, however much that is. */
  deleteFolder(folder: string): Promise<void>
  /** Who marked this place first, and keeps the mark: hosts that read the same id share their blobs. */
  mark(instanceId: string): Promise<string>
}

/** What `put` throws while there is too little space left to store anything safely. */
export class BlobStoreFull extends Error {}

/** The file that tells whether several hosts see the same place. */
export const MARKER_KEY = ".sentry-lite-blobs"

const MAX_KEY_CHARS = 512

/**
 * Keys are names separated by single slashes: letters, digits, `_`, `-` and dots, none of them leading. They are
 * ours, but may contain an id that was sent to us, and must never become a path out of the store.
 */
export function checkedKey(key: string): string {
  const isFine = /^[A-Za-z0-9_-][\w.-]*(?:\/[A-Za-z0-9_-][\w.-]*)*$/.test(key)
  if (!isFine || key.length > MAX_KEY_CHARS)
    throw new Error(`not a blob key: ${JSON.stringify(key)}`)
  return key
}
