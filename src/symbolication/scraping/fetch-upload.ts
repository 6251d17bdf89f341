import type { ProcessingError } from "#normalize/event.ts"
import { type FailureKind, OutboundFailure } from "#platform/outbound/failure.ts"
import type { Upload } from "../find-files.ts"
import { mapReferenceIn, mapReferenceOf } from "../javascript/references.ts"
import { joinUrl } from "../javascript/urls.ts"
import type { BlobSlice } from "../thread/protocol.ts"
import type { WebFile } from "./web-files.ts"

/** What the web has of a file, in the place of an upload; `problem` says why it is not enough. */
export type Fetched = { upload: Upload | null; problem: Omit<ProcessingError, "name"> | null }

/** Sentry's words. */
const TYPES: Record<FailureKind, string> = {
  refused: "fetch_generic_error",
  unreachable: "fetch_generic_error",
  timeout: "fetch_timeout",
  too_large: "fetch_too_large",
  status: "fetch_invalid_http_code",
}

/** A minified file, and the map that it names. */
export async function fetchUpload(
  fetchFile: (address: string) => Promise<WebFile | OutboundFailure>,
  absPath: string,
): Promise<Fetched> {
  const script = await fetchFile(absPath)
  if (script instanceof OutboundFailure) return failed(absPath, absPath, script)
  const reference = referenceIn(script)
  if (reference === null) {
    const data = { url: absPath, source: absPath }
    const reason = "the file was found, and names no map"
    return { upload: null, problem: { type: "js_no_source", data, reason } }
  }
  const minified = sliceOf(script)
  const found = { minified, needsMap: true, resolvedWith: "scraping", bundleId: null } as const
  if (reference === "embedded") {
    return { upload: { ...found, map: reference, mapUrl: null }, problem: null }
  }
  const mapUrl = joinUrl(script.url.href, reference.url)
  const map = await fetchFile(mapUrl)
  if (map instanceof OutboundFailure) return failed(absPath, mapUrl, map)
  return { upload: { ...found, map: sliceOf(map), mapUrl }, problem: null }
}

function referenceIn({ headers, body }: WebFile) {
  const said = headers.sourcemap ?? headers["x-sourcemap"]
  return (typeof said === "string" ? mapReferenceOf(said) : null) ?? mapReferenceIn(body)
}

function failed(source: string, url: string, { kind, status, message }: OutboundFailure): Fetched {
  const data = { url, source, ...(status !== null && { value: status }) }
  return { upload: null, problem: { type: TYPES[kind], data, reason: `${message} (${url})` } }
}

function sliceOf({ sha256, body }: WebFile): BlobSlice {
  const bytes = body.length
  return {
    key: `web/${sha256}`,
    chunks: [],
    at: 0,
    packedBytes: bytes,
    bytes,
    isDeflated: false,
    body,
  }
}
