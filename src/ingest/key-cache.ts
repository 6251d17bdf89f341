import type { KeyAccess } from "#projects/key-access-store.ts"
import { createBatchLoader, type Loaded } from "./batch-loader.ts"

/** A key that was switched off is still taken for this long. */
const FRESH_MS = 60_000
/** Until this age an entry still answers at once, while it is looked up again behind the answer. */
const USABLE_MS = 90_000
/** A key that was just made is refused for this long if somebody tried it before. */
const UNKNOWN_MS = 10_000
const LOOKUP_TIMEOUT_MS = 1500

export type KeyCache = {
  /** The keys of this text; none when nobody may send with it; "away" when that cannot be told now. */
  find(publicKey: string): Loaded<readonly KeyAccess[]> | Promise<Loaded<readonly KeyAccess[]>>
  /** Everything remembered, and its way back in after a restart: usable only when the source is away. */
  remembered(): KeyAccess[]
  restore(access: readonly KeyAccess[]): void
  /** Grows with each look-up that brought something: tells whether a snapshot is worth writing. */
  revision(): number
}

type Entry = { access: readonly KeyAccess[]; loadedAt: number }

/**
 * Whose key is it, without asking PostgreSQL for each request. Known and unknown keys are remembered apart, so that a
 * flood of invented keys never pushes out a real one. While PostgreSQL is away whatever is known serves, however old.
 */
export function createKeyCache(options: {
  load(publicKeys: string[]): Promise<KeyAccess[]>
  capacity: number
  now(): number
  onFailure(error: unknown): void
}): KeyCache {
  const known = new Map<string, Entry>()
  const unknownUntil = new Map<string, number>()
  let revision = 0
  const loader = createBatchLoader<KeyAccess[]>({
    loadAll: async (publicKeys) =>
      Map.groupBy(await options.load(publicKeys), (access) => access.publicKey),
    empty: [],
    timeoutMs: LOOKUP_TIMEOUT_MS,
    onFailure: options.onFailure,
  })

  async function lookUp(publicKey: string, stale: Entry | undefined) {
    const access = await loader.load(publicKey)
    if (access === "away") return stale?.access ?? "away"
    const now = options.now()
    if (access.length > 0) {
      revision++
      unknownUntil.delete(publicKey)
      remember(known, publicKey, { access, loadedAt: now }, options.capacity)
    } else {
      if (known.delete(publicKey)) revision++
      remember(unknownUntil, publicKey, now + UNKNOWN_MS, options.capacity)
    }
    return access
  }

  return {
    find(publicKey) {
      const now = options.now()
      const entry = known.get(publicKey)
      const age = entry ? now - entry.loadedAt : 0
      if (entry && age < FRESH_MS) return entry.access
      if (entry && (age < USABLE_MS || loader.isAway())) {
        void lookUp(publicKey, entry)
        return entry.access
      }
      if (!entry && (unknownUntil.get(publicKey) ?? 0) > now) return []
      return lookUp(publicKey, entry)
    },
    remembered: () => [...known.values()].flatMap((entry) => entry.access),
    restore(access) {
      for (const [publicKey, same] of Map.groupBy(access, (each) => each.publicKey)) {
        remember(known, publicKey, { access: same, loadedAt: 0 }, options.capacity)
      }
    },
    revision: () => revision,
  }
}

/** A Map keeps the order of insertion: the first one is the one looked up longest ago. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, capacity: number) {
  map.delete(key)
  map.set(key, value)
  if (map.size > capacity) {
    for (const oldest of map.keys()) {
      map.delete(oldest)
      break
    }
  }
}
