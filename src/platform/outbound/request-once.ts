import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http"
import { request as httpsRequest } from "node:https"
import { isIPv6 } from "node:net"
import { promisify } from "node:util"
import { brotliDecompress, gunzip, inflate } from "node:zlib"
import { OutboundFailure } from "./failure.ts"

type Hop = {
  /** The address that was judged. */
  target: string
  /** Ends everything. */
  signal: AbortSignal
  connectMs: number
  /** Of the body, packed and unpacked. */
  maxBytes: number
  headers: Record<string, string>
}
type HopAnswer = { status: number; headers: IncomingHttpHeaders; body: Buffer }

const UNPACKERS = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}
const TOO_LARGE = () => new OutboundFailure("too_large", "it is too large")
const LATE = () => new OutboundFailure("timeout", "it took too long")

/** One request on a connection of its own: no redirects, no cookies, no proxy. Only an answer of 200 has a body. */
export async function requestOnce(url: URL, hop: Hop): Promise<HopAnswer> {
  const answer = await receive(url, hop)
  if (answer.status !== 200) return answer
  return { ...answer, body: await unpacked(answer, hop.maxBytes) }
}

function receive(
  url: URL,
  { target, signal, connectMs, maxBytes, headers }: Hop,
): Promise<HopAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HopAnswer>()
  const family = isIPv6(target) ? 6 : 4
  const send = url.protocol === "https:" ? httpsRequest : httpRequest
  const request = send(url, {
    agent: false,
    headers: {
      "accept-encoding": "gzip, deflate, br",
      accept: "*/*",
      "user-agent": "sentry-lite",
      ...headers,
    },
    lookup: (_hostname, { all }, callback) =>
      all ? callback(null, [{ address: target, family }]) : callback(null, target, family),
  })
  const connecting = setTimeout(() => reject(LATE()), connectMs)
  const onAbort = () => reject(LATE())
  if (signal.aborted) onAbort()
  signal.addEventListener("abort", onAbort)
  const connected = url.protocol === "https:" ? "secureConnect" : "connect"
  request.on("socket", (socket) => socket.once(connected, () => clearTimeout(connecting)))
  request.on("error", () =>
    reject(new OutboundFailure("unreachable", "the server cannot be reached")),
  )
  request.on("response", (response) => {
    clearTimeout(connecting)
    collect(response, maxBytes).then(resolve, reject)
  })
  request.end()
  return promise.finally(() => {
    clearTimeout(connecting)
    signal.removeEventListener("abort", onAbort)
    request.destroy()
  })
}

async function collect(response: IncomingMessage, maxBytes: number): Promise<HopAnswer> {
  const { statusCode: status = 0, headers } = response
  if (status !== 200) return { status, headers, body: Buffer.alloc(0) }
  if (Number(headers["content-length"]) > maxBytes) throw TOO_LARGE()
  const parts: Buffer[] = []
  let bytes = 0
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      bytes += part.length
      if (bytes > maxBytes) throw TOO_LARGE()
      parts.push(part)
    }
  } catch (error) {
    if (error instanceof OutboundFailure) throw error
    throw new OutboundFailure("unreachable", "the connection broke")
  }
  return { status, headers, body: Buffer.concat(parts) }
}

async function unpacked({ headers, body }: HopAnswer, maxBytes: number): Promise<Buffer> {
  const encoding = (headers["content-encoding"] ?? "identity").trim().toLowerCase()
  if (encoding === "identity" || encoding === "") return body
  if (!Object.hasOwn(UNPACKERS, encoding)) {
    throw new OutboundFailure("unreachable", "its encoding is not known")
  }
  try {
    const unpack = UNPACKERS[encoding as keyof typeof UNPACKERS]
    return await unpack(body, { maxOutputLength: maxBytes })
  } catch (error) {
    const isTooLarge = (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE"
    throw isTooLarge ? TOO_LARGE() : new OutboundFailure("unreachable", "it cannot be unpacked")
  }
}
