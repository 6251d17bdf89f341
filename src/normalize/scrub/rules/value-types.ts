/** What a value can be called in a source, `$user`, with other names for the same. Each group is one bit. */
const TYPES = [
  ["string"],
  ["number"],
  ["boolean"],
  ["array"],
  ["object"],
  ["event"],
  ["exception", "error"],
  ["stacktrace"],
  ["frame"],
  ["http", "request"],
  ["user"],
  ["message", "logentry"],
  ["thread"],
  ["breadcrumb"],
  ["sdk"],
  ["contexts"],
  ["tags"],
  ["template"],
  ["mechanism"],
  ["attachments"],
] as const

const GENERAL = 5

export type ValueType = (typeof TYPES)[number][number]
export const TYPE_NAMES = TYPES.flat().map((name) => `$${name}`)

const BITS = new Map<string, number>(
  TYPES.flatMap((names, index) => names.map((name): [string, number] => [name, 1 << index])),
)

export function isTypeName(name: string): name is ValueType {
  return BITS.has(name)
}

export function bitOfType(name: string): number {
  return BITS.get(name) ?? 0
}

/** `$string` says nothing of what a value is about; `$user` does. */
export function isGeneralType(name: string): boolean {
  return bitOfType(name) < 1 << GENERAL
}

/** What any value may be. */
export const GENERAL_TYPES = (1 << GENERAL) - 1

/** By what the value is. */
export function bitOfValue(value: unknown): number {
  if (Array.isArray(value)) return bitOfType("array")
  return bitOfType(typeof value)
}
