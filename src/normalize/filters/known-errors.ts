import type { Exception, NormalizedEvent } from "../event.ts"
import { compileGlobs } from "./globs.ts"
import { exceptionText } from "./messages.ts"

/** A page that was open while a new version was put in place asks for a part of the old one. */
const CHUNK_VALUES = compileGlobs([
  "Loading chunk *",
  "Failed to load chunk *",
  "ChunkLoadError: Loading chunk *",
  "*Uncaught *ChunkLoadError: Loading chunk *",
])

export function findChunkLoadError({ exception }: NormalizedEvent): string | null {
  return textOfFirst(exception?.values, ({ type = "", value = "" }) => {
    if (type === "ChunkLoadError") return true
    if (type === "Error" && value.startsWith("Uncaught (in promise): ChunkLoadError")) return true
    return CHUNK_VALUES.find(value) !== null
  })
}

/** The numbers of React's errors about a page that is not what the server rendered: browsers' extensions change it first. */
const HYDRATION =
  /(?:reactjs\.org\/docs\/error-decoder\.html\?invariant=|react\.dev\/errors\/)4(?:18|19|21|22|23|25)(?!\d)/

export function findHydrationError({ exception }: NormalizedEvent): string | null {
  return textOfFirst(exception?.values, ({ value = "" }) => HYDRATION.test(value))
}

function textOfFirst(
  exceptions: readonly Exception[] | undefined,
  isKnown: (exception: Exception) => boolean,
): string | null {
  const found = exceptions?.find(isKnown)
  return found ? exceptionText(found) : null
}
