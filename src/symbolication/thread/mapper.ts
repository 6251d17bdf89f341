import { Worker } from "node:worker_threads"
import type { BlobPlace } from "#platform/blobs/open-blobs.ts"
import { BoundedMap } from "#platform/bounded-map.ts"
import { messageOf } from "#platform/errors.ts"
import type { Log } from "#platform/log.ts"
import type {
  ContextAnswer,
  ContextRequest,
  MapAnswer,
  MapRequest,
  NameAnswer,
  NameRequest,
  ObjectSlice,
  RemapAnswer,
  RemapRequest,
  ThreadAnswer,
  ThreadRequest,
  ThreadSettings,
} from "./protocol.ts"

/** Somebody who opens source maps while others go on. null: it took longer than the caller can wait. */
export type Mapper = {
  map(request: Omit<MapRequest, "kind">, withinMs: number): Promise<MapAnswer | null>
  contexts(request: Omit<ContextRequest, "kind">, withinMs: number): Promise<ContextAnswer | null>
  remap(request: Omit<RemapRequest, "kind">, withinMs: number): Promise<RemapAnswer | null>
  name(request: Omit<NameRequest, "kind">, withinMs: number): Promise<NameAnswer | null>
  stop(): Promise<void>
}

/** Whatever takes longer is not worth an answer, or will never have one. */
const STUCK_MS = 30_000
/** Open maps are hundreds of megabytes that nobody needs at night. */
const IDLE_MS = 10 * 60_000
const MAX_SUSPECTS = 1000
/** It may have been the blob store that hung. */
const SUSPECT_MS = 10 * 60_000
const NOTHING = { minified: null, map: null, mapUrl: null }
const TOO_SLOW = { kind: "invalid_map", reason: "reading it took too long" } as const
const COMPILED_ENTRY = "/$bunfs/root/symbolication-thread.js"

type Waiting = {
  /** When it was asked, or when those before it were answered. */
  startedAt: number
  keys: string[]
  resolve(answer: ThreadAnswer | null): void
  isGivenUp: boolean
}

/**
 * One thread, started when it is first needed. A request that gets stuck costs the thread its life, and the files of that
 * request are left alone for ten minutes.
 */
export function createMapper(
  settings: ThreadSettings & { place: BlobPlace },
  log: Log,
  times = { stuckMs: STUCK_MS, idleMs: IDLE_MS },
): Mapper {
  const waiting = new Map<number, Waiting>()
  const suspects = new BoundedMap<string, number>(MAX_SUSPECTS)
  let thread: Worker | null = null
  let lastId = 0
  let timer: ReturnType<typeof setInterval> | null = null
  let usedAt = performance.now()

  function start(): Worker {
    const worker = new Worker(entryPoint(), { workerData: settings })
    worker.unref()
    worker.on("message", (answer: ThreadAnswer) => {
      const asked = waiting.get(answer.id)
      waiting.delete(answer.id)
      if ("failure" in answer) {
        log.error({ error: answer.failure }, "the source map thread failed at a request")
        suspect(asked?.keys ?? [])
        asked?.resolve(null)
      } else asked?.resolve(answer)
      const [next] = waiting.values()
      if (next) next.startedAt = performance.now()
    })
    worker.on("error", (error) => {
      log.error({ error: messageOf(error) }, "the source map thread failed")
      end(worker)
    })
    timer ??= setInterval(watch, Math.min(1000, times.stuckMs / 2))
    timer.unref()
    return worker
  }

  function end(worker: Worker | null): void {
    if (!worker || worker !== thread) return
    thread = null
    void worker.terminate()
    for (const each of waiting.values()) each.resolve(null)
    waiting.clear()
  }

  /** The oldest is the one in hand: requests are answered in their order. */
  function watch(): void {
    const [oldest] = waiting.values()
    const now = performance.now()
    if (oldest && now - oldest.startedAt > times.stuckMs) {
      suspect(oldest.keys)
      log.error(
        { files: oldest.keys.length },
        "a source map took too long; its files are left alone",
      )
      end(thread)
    } else if (!oldest && thread && now - usedAt > times.idleMs) {
      end(thread)
    }
  }

  function suspect(keys: readonly string[]): void {
    for (const key of keys) suspects.set(key, performance.now())
  }

  const isSuspected = (key: string) =>
    performance.now() - (suspects.get(key) ?? Number.NEGATIVE_INFINITY) < SUSPECT_MS

  /** The thread is behind, and somebody has given up on it already: to wait for it again would hold up the line again. */
  const isBehind = () => [...waiting.values()].some(({ isGivenUp }) => isGivenUp)

  async function ask(
    request: MapRequest | ContextRequest | RemapRequest | NameRequest,
    keys: string[],
    withinMs: number,
  ): Promise<ThreadAnswer | null> {
    if (withinMs < times.stuckMs && isBehind()) return null
    thread ??= start()
    const id = ++lastId
    usedAt = performance.now()
    const { promise, resolve } = Promise.withResolvers<ThreadAnswer | null>()
    const entry: Waiting = { startedAt: usedAt, keys, resolve, isGivenUp: false }
    waiting.set(id, entry)
    thread.postMessage({ id, ...request } satisfies ThreadRequest)
    const late = setTimeout(() => {
      entry.isGivenUp = true
      resolve(null)
    }, withinMs)
    return promise.finally(() => clearTimeout(late))
  }

  const unlessSuspect = (file: ObjectSlice | null) => (file && isSuspected(file.key) ? null : file)

  return {
    async map(request, withinMs) {
      const isSuspect = request.files.map((file) => keysOf(file).some(isSuspected))
      const files = request.files.map((file, index) => (isSuspect[index] ? NOTHING : file))
      const keys = files.flatMap(keysOf)
      const answer = await ask({ kind: "map", ...request, files }, keys, withinMs)
      if (!answer || !("traces" in answer)) return null
      return answer.traces.map((trace, t) =>
        trace.map((frame, f) => (isSuspect[request.traces[t]?.[f]?.file ?? -1] ? TOO_SLOW : frame)),
      )
    },
    async contexts(request, withinMs) {
      const keys = request.places.map(({ source }) => source.key)
      const answer = await ask({ kind: "context", ...request }, keys, withinMs)
      return answer && "contexts" in answer ? answer.contexts : null
    },
    async remap(request, withinMs) {
      const mappings = request.mappings.map(unlessSuspect)
      const answer = await ask({ kind: "remap", ...request, mappings }, keysIn(mappings), withinMs)
      return answer && "remapped" in answer ? answer : null
    },
    async name(request, withinMs) {
      const files = request.files.map(unlessSuspect)
      const answer = await ask({ kind: "name", ...request, files }, keysIn(files), withinMs)
      return answer && "named" in answer ? answer : null
    },
    async stop() {
      if (timer) clearInterval(timer)
      end(thread)
    },
  }
}

/** In the executable it is an entry point of its own: see scripts/build.ts. */
function entryPoint(): string | URL {
  return import.meta.url.includes("/$bunfs/")
    ? COMPILED_ENTRY
    : new URL("./symbolication-thread.ts", import.meta.url)
}

function keysIn(files: readonly (ObjectSlice | null)[]): string[] {
  return files.flatMap((file) => file?.key ?? [])
}

function keysOf({ minified, map }: MapRequest["files"][number]): string[] {
  return [minified, map].flatMap((part) => (part && part !== "embedded" ? part.key : []))
}
