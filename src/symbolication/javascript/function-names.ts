export const ANONYMOUS = "<anonymous>"
/** Outside of every function; Metro's word. */
export const GLOBAL = "<global>"

/** Names that say nothing of the function that they stand for. */
const WRAPPERS = new Set([ANONYMOUS, "__webpack_require__", "__webpack_modules__"])

type Names = {
  /** Of the scope in which the position lies; null: nobody knows. */
  scope: string | null
  /** What the caller called, in original names. */
  called: string | null
  /** What the engine said. */
  raw: string | undefined
}

/** What a mapped frame's function is called. */
export function functionName({ scope, called, raw }: Names): string | undefined {
  if (scope === GLOBAL) return raw
  if (scope !== null && !WRAPPERS.has(scope)) return foldRepeats(scope)
  return called || raw || scope || undefined
}

/** `{a#3}.f` of `a.a.a.f`: parts that repeat are told once. */
export function foldRepeats(name: string): string {
  const parts = name.split(".")
  const last = parts.pop() ?? ""
  const folded: { part: string; times: number }[] = []
  for (const part of parts) {
    const before = folded.at(-1)
    if (before?.part === part) before.times++
    else folded.push({ part, times: 1 })
  }
  const told = folded.map(({ part, times }) => (times > 1 ? `{${part}#${times}}` : part))
  return [...told, last].join(".")
}
