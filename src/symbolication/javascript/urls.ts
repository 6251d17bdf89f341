/** scheme and host, path, query: hostile text, so each part is what its first characters allow, without going back. */
const PARTS = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?/i
const SCHEME = /^[a-z][a-z0-9+.-]+:/i

type Parts = { origin: string; path: string; query: string }

export function partsOf(url: string): Parts {
  const [, origin = "", path = "", query = ""] = PARTS.exec(url) ?? []
  return { origin, path, query }
}

/**
 * Under which names an uploaded file may stand that was loaded from this address, best first; `~` is any scheme and host.
 */
export function urlCandidates(url: string): string[] {
  const { origin, path, query } = partsOf(url)
  const names = [origin + path + query, origin + path]
  if (path.startsWith("/")) names.push(`~${path}${query}`, `~${path}`)
  return [...new Set(names)]
}

/** The address that `reference` means in a file that came from `base`. */
export function joinUrl(base: string, reference: string): string {
  if (SCHEME.test(reference)) return reference
  const { origin, path } = partsOf(base)
  if (reference.startsWith("//")) return `${origin.split("//", 1)[0]}${reference}`
  const root = origin === "" && path.startsWith("~/") ? "~" : origin
  if (reference.startsWith("~/")) return (root || "~") + withoutDots(reference.slice(1))
  if (reference.startsWith("/")) return root + withoutDots(reference)
  return origin + withoutDots(path.slice(0, path.lastIndexOf("/") + 1) + reference)
}

function withoutDots(path: string): string {
  const { path: plain, query } = partsOf(path)
  if (!plain.includes("./") && !plain.endsWith("/..")) return path
  const isRooted = plain.startsWith("/") || plain.startsWith("~/")
  const kept: string[] = []
  for (const [index, name] of plain.split("/").entries()) {
    if (name === ".") continue
    const last = kept.at(-1)
    const isAtRoot = kept.length === 1 && isRooted
    if (name !== "..") kept.push(name)
    else if (index > 0 && last !== undefined && last !== ".." && !isAtRoot) kept.pop()
    else if (!isRooted) kept.push(name)
  }
  return kept.join("/") + query
}
