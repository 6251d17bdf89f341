import {
  canonicalDebugId,
  debugIdIn,
  mapReferenceIn,
  mapReferenceOf,
} from "../javascript/references.ts"
import { joinUrl, urlCandidates } from "../javascript/urls.ts"
import type { PackedFile } from "./zip-index.ts"

export const ARTIFACT_TYPES = [
  "source",
  "minified_source",
  "source_map",
  "indexed_ram_bundle",
] as const
export type ArtifactType = (typeof ARTIFACT_TYPES)[number]

/** A file that was uploaded for reading stack traces. */
export type ArtifactFile = PackedFile & {
  type: ArtifactType
  /** Where programs load it from; `~` is any scheme and host. null: it goes by its debug id alone. */
  url: string | null
  debugId: string | null
  /** Names that the map of a minified file may stand under, best first; null: it names none. */
  mapUrls: string[] | null
  /** The map stands in the file itself. */
  isMapEmbedded: boolean
  headers: Record<string, string>
}

export type ArtifactLabel = {
  type: ArtifactType
  url: string | null
  headers: Record<string, string>
}

/** What can be looked up of a file, of what its label says and of the comments at its end. */
export function describeFile(
  { type, url, headers }: ArtifactLabel,
  body: Buffer,
): Pick<ArtifactFile, "debugId" | "mapUrls" | "isMapEmbedded"> {
  const debugId = canonicalDebugId(headers["debug-id"] ?? "")
  if (type !== "minified_source") return { debugId, mapUrls: null, isMapEmbedded: false }
  const said = headers.sourcemap ?? headers["x-sourcemap"]
  const reference = (said ? mapReferenceOf(said) : null) ?? mapReferenceIn(body)
  const isMapEmbedded = reference === "embedded"
  return {
    debugId: debugId ?? debugIdIn(body),
    mapUrls: reference && !isMapEmbedded ? mapUrls(url ?? "", reference.url) : null,
    isMapEmbedded,
  }
}

function mapUrls(url: string, reference: string): string[] {
  const whole = joinUrl(url, reference)
  return [...new Set([whole, ...urlCandidates(whole)])]
}

export function typeOfName(name: string): ArtifactType {
  if (/\.map$/i.test(name)) return "source_map"
  return /\.(?:js|cjs|mjs|jsbundle|bundle)$/i.test(name) ? "minified_source" : "source"
}
