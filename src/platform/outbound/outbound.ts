import { lookup } from "node:dns/promises"
import type { IncomingHttpHeaders } from "node:http"
import { isIP } from "node:net"
import { OutboundFailure } from "./failure.ts"
import { type Guard, withoutDot } from "./guard.ts"
import { requestOnce } from "./request-once.ts"

export type Resolve = (hostname: string) => Promise<{ address: string; family: number }[]>

export type Answer = { url: URL; headers: IncomingHttpHeaders; body: Buffer }

/** What is asked of one address, and of those that it leads to. */
type Question = {
  maxBytes: number
  /** Whether this address may be asked; each redirect is judged anew. */
  permits(url: URL): boolean
  /** What only this address may read. */
  headersFor(url: URL): Record<string, string>
}

/** Fetches what a stranger named, from the public internet alone; rejects with OutboundFailure. */
export type Outbound = (address: string, question: Question) => Promise<Answer>

const TOTAL_MS = 5_000
const CONNECT_MS = 2_000
const MAX_REDIRECTS = 3
const REDIRECTS = new Set([301, 302, 303, 307, 308])

const resolveByHost: Resolve = (hostname) => lookup(hostname, { all: true, verbatim: true })

export function createOutbound(
  guard: Guard,
  resolve: Resolve = resolveByHost,
  times = { totalMs: TOTAL_MS, connectMs: CONNECT_MS },
): Outbound {
  /** All addresses of a name are judged, and the request goes to one of those: nobody resolves it again. */
  async function addressOf(url: URL, signal: AbortSignal): Promise<string> {
    const hostname = url.hostname.replace(/^\[(.*)\]$/, "$1")
    if (isIP(hostname) !== 0) {
      if (guard.permits(hostname)) return hostname
      throw new OutboundFailure("refused", "its address is not the public internet's")
    }
    const found = await unlessAborted(resolve(withoutDot(hostname)), signal).catch(
      (error: unknown) => {
        if (error instanceof OutboundFailure) throw error
        throw new OutboundFailure("unreachable", "its name is not known")
      },
    )
    const [first] = found
    if (!first) throw new OutboundFailure("unreachable", "its name has no address")
    if (!found.every(({ address }) => guard.permits(address))) {
      throw new OutboundFailure("refused", "its address is not the public internet's")
    }
    return first.address
  }

  return async (address, { maxBytes, permits, headersFor }) => {
    const signal = AbortSignal.timeout(times.totalMs)
    let url = parsed(address)
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const reason = guard.against(url)
      if (reason) throw new OutboundFailure("refused", reason)
      if (!permits(url)) throw new OutboundFailure("refused", "its host is not an allowed domain")
      const target = await addressOf(url, signal)
      const { connectMs } = times
      const answer = await requestOnce(url, {
        target,
        signal,
        connectMs,
        maxBytes,
        headers: headersFor(url),
      })
      const { status, headers, body } = answer
      if (status === 200) return { url, headers, body }
      if (!REDIRECTS.has(status) || !headers.location) {
        throw new OutboundFailure("status", `the server answered ${status}`, status)
      }
      url = parsed(headers.location, url)
    }
    throw new OutboundFailure("refused", `it leads on more than ${MAX_REDIRECTS} times`)
  }
}

/** The one reading of an address that is both judged and asked. */
function parsed(address: string, base?: URL): URL {
  const url = URL.parse(address, base)
  if (!url) throw new OutboundFailure("refused", "its address is no URL")
  url.hash = ""
  return url
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(new OutboundFailure("timeout", "it took too long"))
  if (signal.aborted) onAbort()
  signal.addEventListener("abort", onAbort)
  return Promise.race([promise, late]).finally(() => signal.removeEventListener("abort", onAbort))
}
