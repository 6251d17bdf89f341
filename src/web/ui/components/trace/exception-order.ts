import type { Exception } from "#normalize/event.ts"

/** One exception where people read it: after what it explains. */
export type PlacedException = {
  exception: Exception
  /** From 1; what links on the page lead to. */
  number: number
  depth: number
  /** The exception it belongs to; null for the one that was thrown last. */
  parent: number | null
  /** What it is to its parent. */
  relation: "thrown" | "cause" | "context" | "member"
}

/**
 * The exception that gave the title first, then what led to it: payloads list them the other way round. Exceptions that name
 * their parents (ExceptionGroup, AggregateError) come as a tree, each member below its group.
 */
export function readingOrder(exceptions: readonly Exception[]): PlacedException[] {
  const outermostFirst = [...exceptions].reverse()
  const root = rootOf(outermostFirst)
  return root ? treeOrder(root, outermostFirst) : chainOrder(outermostFirst)
}

function chainOrder(outermostFirst: readonly Exception[]): PlacedException[] {
  return outermostFirst.map((exception, index) => ({
    exception,
    number: index + 1,
    depth: 0,
    parent: index === 0 ? null : index,
    relation: index === 0 ? "thrown" : relationOf(exception, undefined),
  }))
}

/** Ids come from outside: they may repeat, be missing or point in a circle. Each exception is placed exactly once. */
function treeOrder(root: Exception, all: readonly Exception[]): PlacedException[] {
  const placed: PlacedException[] = []
  const left = new Set(all)
  const place = (exception: Exception, depth: number, above: PlacedException | null) => {
    if (!left.delete(exception)) return
    const self: PlacedException = {
      exception,
      number: placed.length + 1,
      depth,
      parent: above?.number ?? null,
      relation: above ? relationOf(exception, above.exception) : "thrown",
    }
    placed.push(self)
    for (const child of childrenOf(exception, all)) place(child, depth + 1, self)
  }
  place(root, 0, null)
  for (const exception of [...left]) place(exception, 1, placed[0] ?? null)
  return placed
}

function rootOf(exceptions: readonly Exception[]): Exception | undefined {
  const isTree = exceptions.some(({ mechanism }) => mechanism?.parent_id !== undefined)
  return isTree ? exceptions.find(({ mechanism }) => mechanism?.exception_id === 0) : undefined
}

function childrenOf(parent: Exception, all: readonly Exception[]): Exception[] {
  const id = parent.mechanism?.exception_id
  if (id === undefined) return []
  return all
    .filter(({ mechanism }) => mechanism?.parent_id === id)
    .sort((a, b) => (a.mechanism?.exception_id ?? 0) - (b.mechanism?.exception_id ?? 0))
}

function relationOf(exception: Exception, parent: Exception | undefined) {
  const source = exception.mechanism?.source ?? ""
  if (source === "__context__") return "context"
  const isMember = parent?.mechanism?.is_exception_group && !source.startsWith("__")
  return isMember ? "member" : "cause"
}
