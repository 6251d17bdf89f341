import { compileGlob } from "#platform/glob/glob.ts"

/** Patterns of a list made ready. */
export type Globs = {
  /** The first pattern that the whole of the text fits, in any case, as it was written; null: none. */
  find(text: string): string | null
}

/** One that makes no sense (see globFault) fits nothing. */
export function compileGlobs(sources: readonly string[]): Globs {
  const globs = sources.flatMap((source) => {
    const glob = compileGlob(source.toLowerCase(), "text")
    return "fault" in glob ? [] : { source, matches: glob.matches }
  })
  return {
    find(text) {
      // Once for all of them: texts are long, and there may be a hundred.
      const lower = text.toLowerCase()
      return globs.find(({ matches }) => matches(lower))?.source ?? null
    },
  }
}

/** What is wrong with a pattern, in words; null: nothing. */
export function globFault(source: string): string | null {
  const glob = compileGlob(source, "text")
  return "fault" in glob ? glob.fault : null
}
