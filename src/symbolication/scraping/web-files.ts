import { BoundedMap } from "#platform/bounded-map.ts"
import type { Clock } from "#platform/clock.ts"
import { OutboundFailure } from "#platform/outbound/failure.ts"
import type { Answer, Outbound } from "#platform/outbound/outbound.ts"
import { WeightedCache } from "../thread/weighted-cache.ts"
import type { Site } from "./site.ts"

export type WebFile = Answer & { sha256: string }

/** What one task may keep in memory; what is left is counted down. */
export type Allowance = { bytes: number }

export type FetchFile = (
  site: Site,
  address: string,
  allowance: Allowance,
) => Promise<WebFile | OutboundFailure>

type Remembered = { file: WebFile | OutboundFailure; readAt: number }

const MIB = 1024 * 1024
const CACHE_BYTES = 64 * MIB
/** An entry without a file. */
const SMALL_BYTES = 500
const FRESH_MS = 60 * 60_000
/** What failed is asked for again after this time. */
const FAILED_MS = 10 * 60_000
const MAX_SILENT_SERVERS = 1000
/** Tasks of all projects share a line, and whoever has a DSN names slow servers: no project waits longer for them in a window. */
const WINDOW_MS = 10 * 60_000
const WAITED_IN_WINDOW_MS = 60_000
const MAX_PROJECTS = 10_000

/** Fetches files and remembers them, also those that are not there, and servers that do not answer. */
export function createFetchFile(outbound: Outbound, clock: Clock, maxBytes: number): FetchFile {
  const known = new WeightedCache<Remembered>(CACHE_BYTES)
  const silent = new BoundedMap<string, Remembered>(MAX_SILENT_SERVERS)

  const waited = new BoundedMap<string, { window: number; milliseconds: number }>(MAX_PROJECTS)

  function waitedBy(projectId: string) {
    const window = Math.floor(clock.now().getTime() / WINDOW_MS)
    const known = waited.get(projectId)
    if (known?.window === window) return known
    const begun = { window, milliseconds: 0 }
    waited.set(projectId, begun)
    return begun
  }

  const isFresh = ({ file, readAt }: Remembered) =>
    clock.now().getTime() - readAt < (file instanceof OutboundFailure ? FAILED_MS : FRESH_MS)

  return async (site, address, allowance) => {
    const name = `${site.projectId} ${address}`
    const server = `${site.projectId} ${URL.parse(address)?.origin}`
    const remembered = [known.get(name), silent.get(server)].find((each) => each && isFresh(each))
    if (remembered) return remembered.file
    const time = waitedBy(site.projectId)
    if (time.milliseconds > WAITED_IN_WINDOW_MS || allowance.bytes <= 0) {
      return new OutboundFailure("timeout", "too much of this project had to be fetched lately")
    }
    const startedAt = clock.now().getTime()
    const file = await fetched(site, address, Math.min(maxBytes, allowance.bytes))
    const readAt = clock.now().getTime()
    time.milliseconds += readAt - startedAt
    const isFailure = file instanceof OutboundFailure
    if (!isFailure) allowance.bytes -= file.body.length
    const entry = { file, readAt }
    known.set(name, entry, name.length + SMALL_BYTES + (isFailure ? 0 : file.body.length))
    if (isFailure && (file.kind === "timeout" || file.kind === "unreachable")) {
      silent.set(server, entry)
    }
    return file
  }

  async function fetched(site: Site, address: string, bytes: number) {
    try {
      const answer = await outbound(address, { ...site, maxBytes: bytes })
      const sha256 = new Bun.CryptoHasher("sha256").update(answer.body).digest("hex")
      return { ...answer, sha256 }
    } catch (error) {
      if (error instanceof OutboundFailure) return error
      throw error
    }
  }
}
