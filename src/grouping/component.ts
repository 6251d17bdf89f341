/**
 * A node of the explanation of a grouping: what was looked at, whether it counts, and if not, why. Leaves hold the
 * text that enters the hash.
 */
export type Component = {
  id: string
  contributes: boolean
  hint?: string
  /** Children, or the one text of a leaf. */
  values: readonly (Component | string)[]
}

/** Distinguishes hashes of this algorithm from those of an earlier one over the same values. */
const ALGORITHM = "1"

export function leaf(id: string, value: string, hint?: string): Component {
  const contributes = value !== ""
  return hint === undefined
    ? { id, contributes, values: contributes ? [value] : [] }
    : { id, contributes, hint, values: contributes ? [value] : [] }
}

export function ignored(id: string, hint: string, value?: string): Component {
  return { id, contributes: false, hint, values: value === undefined ? [] : [value] }
}

/** A node over children; it contributes when one of them does. */
export function branch(id: string, values: readonly Component[], hint?: string): Component {
  const contributes = values.some((value) => value.contributes)
  return hint === undefined ? { id, contributes, values } : { id, contributes, hint, values }
}

export function switchedOff(component: Component, hint: string): Component {
  return { ...component, contributes: false, hint }
}

/** The contributing texts of a tree, depth first. */
export function contributionsOf(component: Component, into: string[] = []): string[] {
  if (!component.contributes) return into
  for (const value of component.values) {
    if (typeof value === "string") into.push(value)
    else contributionsOf(value, into)
  }
  return into
}

/** 32 lower-case hex digits over a list of texts; each goes with its length, so that ["ab"] is not ["a", "b"]. */
export function hashOf(values: readonly string[]): string {
  let text = ALGORITHM
  for (const value of values) text += `\n${value.length}:${value}`
  return Bun.CryptoHasher.hash("sha256", text, "hex").slice(0, 32)
}

export function hashOfComponent(component: Component): string | null {
  return component.contributes ? hashOf(contributionsOf(component)) : null
}

export function findComponent(component: Component, id: string): Component | undefined {
  if (component.id === id && component.contributes) return component
  for (const value of component.values) {
    const found = typeof value === "string" ? undefined : findComponent(value, id)
    if (found) return found
  }
  return undefined
}
