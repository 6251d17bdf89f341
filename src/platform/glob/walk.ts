import type { Effort } from "./effort.ts"
import type { Glob } from "./glob.ts"
import { isOneOf, type Token } from "./read.ts"

/**
 * Matches paths: `*` and `?` stay within a folder, so that the first place where a part is found need not be the right one. Follows all ways
 * through the pattern at once; a path without the longest literal needs no walk.
 */
export function walkOf(tokens: readonly Token[], effort: Effort): Glob {
  const needed = longestLiteral(tokens)
  return (path) => {
    if (!path.includes(needed)) return false
    let places = reach(tokens, [0])
    for (const character of path) {
      places = reach(
        tokens,
        places.flatMap((place) => nextPlaces(tokens[place], place, character)),
      )
      effort.left -= places.length
      if (places.length === 0 || effort.left < 0) return false
    }
    return places.includes(tokens.length)
  }
}

function longestLiteral(tokens: readonly Token[]): string {
  let [longest, run] = ["", ""]
  for (const token of tokens) {
    run = token.is === "character" ? run + token.character : ""
    if (run.length > longest.length) longest = run
  }
  return longest
}

function nextPlaces(token: Token | undefined, place: number, character: string): number[] {
  if (token?.is === "run") return token.isDeep || character !== "/" ? [place] : []
  if (!token || (token.is === "one" && character === "/")) return []
  return isOneOf(token, character) ? [place + 1] : []
}

/** These places and those behind runs that stand for nothing, each once. */
function reach(tokens: readonly Token[], from: readonly number[]): number[] {
  const places = new Set<number>()
  for (let place of from) {
    places.add(place)
    while (tokens[place]?.is === "run") places.add(++place)
  }
  return [...places]
}
