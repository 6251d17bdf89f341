import type { GroupingException } from "./event.ts"

/**
 * Exceptions that name their parents (ExceptionGroup, AggregateError): which of them group the event. `main` is
 * the exception the issue is named after, when that is not the last.
 */
export type ExceptionChoice = {
  exceptions: readonly GroupingException[]
  main: GroupingException | null
}

/** `identityOf` gives equal texts for exceptions that group equally. */
export function chooseExceptions(
  exceptions: readonly GroupingException[],
  identityOf: (exception: GroupingException) => string,
): ExceptionChoice {
  const everything = { exceptions, main: null }
  const tree = treeOf(exceptions)
  const top = tree ? topLevelOf(tree) : []
  if (!tree || top.length === 0) return everything
  const distinct = distinctOf(top, identityOf)
  const [only] = distinct
  if (only && distinct.length === 1) return { exceptions: firstPath(only, tree), main: only }
  return { exceptions: [...distinct, tree.root], main: null }
}

type Tree = { root: GroupingException; children: Map<number, GroupingException[]> }

/** null unless every exception has an id of its own, none is its own parent, and one is number 0. */
function treeOf(exceptions: readonly GroupingException[]): Tree | null {
  if (exceptions.length < 2) return null
  const byId = new Map<number, GroupingException>()
  for (const exception of exceptions) {
    const { exception_id: id, parent_id: parent } = exception.mechanism ?? {}
    if (id === undefined || byId.has(id) || id === parent) return null
    byId.set(id, exception)
  }
  const root = byId.get(0)
  return root ? { root, children: childrenOf(byId) } : null
}

function childrenOf(byId: Map<number, GroupingException>): Tree["children"] {
  const children: Tree["children"] = new Map()
  for (const [, exception] of [...byId].sort(([a], [b]) => a - b)) {
    const parent = exception.mechanism?.parent_id
    if (parent === undefined) continue
    const siblings = children.get(parent)
    if (siblings) siblings.push(exception)
    else children.set(parent, [exception])
  }
  return children
}

function childrenIn(tree: Tree, exception: GroupingException): GroupingException[] {
  return tree.children.get(exception.mechanism?.exception_id ?? -1) ?? []
}

/** The first exceptions below the root that are no groups themselves. Parents may form a ring: each counts once. */
function topLevelOf(tree: Tree): GroupingException[] {
  const found: GroupingException[] = []
  const seen = new Set([tree.root])
  const open = tree.root.mechanism?.is_exception_group ? [tree.root] : []
  for (const group of open) {
    for (const child of childrenIn(tree, group)) {
      if (seen.has(child)) continue
      seen.add(child)
      if (child.mechanism?.is_exception_group) open.push(child)
      else found.push(child)
    }
  }
  return found
}

function distinctOf(
  exceptions: readonly GroupingException[],
  identityOf: (exception: GroupingException) => string,
): GroupingException[] {
  const byType = [...exceptions].sort((a, b) => compare(b.type ?? "", a.type ?? ""))
  const identities = byType.map(identityOf)
  return byType.filter((_, index) => index === 0 || identities[index] !== identities[index - 1])
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The exception, its first cause, the cause of that, oldest first as in an ordinary chain. */
function firstPath(exception: GroupingException, tree: Tree): GroupingException[] {
  const path = [exception]
  const seen = new Set(path)
  for (;;) {
    const last = path.at(-1)
    const child = last && childrenIn(tree, last)[0]
    if (!child || seen.has(child)) return path.reverse()
    seen.add(child)
    path.push(child)
  }
}
