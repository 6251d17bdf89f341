import type { Frame, ProcessingError } from "#normalize/event.ts"
import type { FrameOutcome } from "./apply.ts"
import type { FileKey, Upload } from "./find-files.ts"
import type { Context } from "./javascript/context-lines.ts"
import { isPackagePath } from "./javascript/source-paths.ts"
import { isMapMissing, mapUrlOf } from "./plan.ts"
import type { ThreadFrame } from "./thread/protocol.ts"

type Told = Omit<ProcessingError, "name">
export type Judgement = { outcome: FrameOutcome; error: Told | null }

/** What a frame becomes of what was uploaded and what the thread found, and what is told when it could not be mapped. */
export function judge(
  frame: Frame,
  key: FileKey,
  upload: Upload | null,
  found: ThreadFrame | null,
): Judgement {
  const url = key.absPath
  if (!upload) return kept(null, "js_no_source", { url })
  const mapUrl = mapUrlOf(key, upload) ?? url
  if (isMapMissing(upload)) return kept(null, "js_no_source", { url: mapUrl })
  switch (found?.kind) {
    case "mapped": {
      const { frame: place, raw } = found
      const outcome = {
        kind: "mapped",
        frame: place,
        raw,
        resolvedWith: upload.resolvedWith,
      } as const
      const missing = { source: place.absPath, sourcemap: mapUrl }
      return { outcome, error: place.context ? null : told("js_missing_sources_content", missing) }
    }
    case "source":
      return { outcome: { kind: "kept", raw: found.context }, error: null }
    case "invalid_location": {
      const where = {
        source: url,
        sourcemap: mapUrl,
        row: frame.lineno ?? 0,
        column: frame.colno ?? 0,
      }
      return kept(found.raw, "js_invalid_sourcemap_location", where)
    }
    case "invalid_map":
      return kept(null, "js_invalid_source", { url: mapUrl }, found.reason)
    default:
      return kept(null, "js_no_source", { url })
  }
}

function kept(raw: Context | null, type: string, data: Told["data"], reason?: string): Judgement {
  return {
    outcome: { kind: "kept", raw },
    error: { ...told(type, data), ...(reason && { reason }) },
  }
}

const told = (type: string, data: Told["data"]): Told => ({ type, ...(data && { data }) })

/** How the types of errors begin that tell of source maps. */
export const MAP_ERRORS = ["js_", "fetch_"] as const

export const isMapError = ({ type }: Pick<ProcessingError, "type">) =>
  MAP_ERRORS.some((beginning) => type.startsWith(beginning))

/** Code that nobody can upload, or wants to. */
export function isNobodysConcern(url: string): boolean {
  return isPackagePath(url) || url.startsWith("chrome-extension:")
}
