import { createScript, type RedisClient } from "../redis.ts"
import appendLua from "./stream-append.lua" with { type: "text" }
import stateLua from "./stream-state.lua" with { type: "text" }

export type ForwardStream = { stream: string; marker: string }

/** What Redis says of itself and holds. */
export type TargetState = {
  /** Changes when Redis may have forgotten something: another process, another server, a flush. */
  epoch: string
  markers: string[]
  /** Oldest entry of each stream that nobody has acknowledged; null = all done. */
  oldest: Map<string, string | null>
  /** Why this Redis must not be trusted with records, or null. */
  refusal: string | null
}
export type AppendAnswer = { status: "added"; entryId: string } | { status: "full" | "lost" }

/** The Redis side of forwarding. */
export function forwardTarget(redis: RedisClient, streams: readonly ForwardStream[]) {
  const append = createScript(appendLua)
  const state = createScript(stateLua)
  return {
    observe: async (): Promise<TargetState> => {
      const states = await Promise.all(
        streams.map(async ({ stream, marker }) => {
          const answer = await state(redis, [stream, marker], [crypto.randomUUID()])
          const [mark = "", oldest = "", runId = "", policy = ""] = answer as string[]
          return { stream, mark, oldest, runId, policy }
        }),
      )
      const evicting = states.find(({ policy }) => policy.startsWith("allkeys-"))
      return {
        epoch: states.map(({ runId, mark }) => `${runId} ${mark}`).join(" "),
        markers: states.map(({ mark }) => mark),
        oldest: new Map(states.map(({ stream, oldest }) => [stream, oldest || null])),
        refusal: evicting
          ? `maxmemory-policy is ${evicting.policy}: it would evict accepted events; set it to noeviction`
          : null,
      }
    },
    append: async (
      shard: number,
      chunk: { marker: string; maxEntries: number; records: readonly Uint8Array[] },
    ): Promise<AppendAnswer> => {
      const { stream = "", marker = "" } = streams[shard] ?? {}
      const answer = await append(
        redis,
        [stream, marker],
        [chunk.marker, chunk.maxEntries, ...chunk.records.map(asBuffer)],
      )
      const [status, entryId = ""] = answer as [AppendAnswer["status"], string]
      return status === "added" ? { status, entryId } : { status }
    },
  }
}

/** The same bytes, not a copy. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Whether stream entry `a` came before `b`: ids are `<ms>-<sequence>`, compared as numbers. */
export function isEarlierEntry(a: string, b: string): boolean {
  const [aMs = 0, aSequence = 0] = a.split("-").map(Number)
  const [bMs = 0, bSequence = 0] = b.split("-").map(Number)
  return aMs === bMs ? aSequence < bSequence : aMs < bMs
}
