import { type AnyNode, type Node, Parser } from "acorn"

/** A piece of a function's name: an identifier that was renamed, or text that was not. */
type NamePart = { text: string /** Where it stands in the file. */; at: number | null }

/** What the functions of a minified file are called in it. */
export type Scopes = {
  /** The parts of the innermost function's name; empty: it has none; null: no function is around this place. */
  nameAt(offset: number): readonly NamePart[] | null
  bytes: number
}

/** 0.9 s of parsing and 110 MB for as long (1 MB: 0.3 s). Of larger files the callers tell the names: a batch waits two seconds for file and map. */
export const MAX_PARSED_CHARS = 5 * 1024 * 1024
const BYTES_PER_SCOPE = 200

/** A function, and those within it in the order in which they begin. */
type Scope = { start: number; end: number; name: readonly NamePart[]; inner: readonly Scope[] }

/** Finds all functions of a file; null when the parser does not understand it, or would take too long. */
export function scopesOf(text: string): Scopes | null {
  if (text.length > MAX_PARSED_CHARS) return null
  const outermost = outermostIn(text)
  return (
    outermost && {
      bytes: countScopes(outermost) * BYTES_PER_SCOPE,
      nameAt(offset) {
        let found: Scope | null = null
        let next = around(outermost, offset)
        while (next) {
          found = next
          next = around(found.inner, offset)
        }
        return found?.name ?? null
      },
    }
  )
}

const TOLERANT = {
  ecmaVersion: "latest",
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: true,
} as const

/** Nesting that is too deep ends as an error as well. */
function outermostIn(text: string): readonly Scope[] | null {
  // Strict code is a script as well, as a rule; the other way round it is not.
  for (const sourceType of ["script", "module"] as const) {
    try {
      return scopesIn([FoldingParser.parse(text, { ...TOLERANT, sourceType })])
    } catch {}
  }
  return null
}

/** Of a function that was read nothing stays but those within it: the tree of a file takes 80 times its size. */
const FoldingParser = Parser.extend((Base) => {
  const { finishNode } = Base.prototype as unknown as Internals
  class Folding extends Base implements Internals {
    finishNode(node: AnyNode, type: string): AnyNode {
      const finished = finishNode.call(this, node, type)
      if (isFunction(finished)) {
        finished.within = scopesIn([...finished.params, finished.body])
        if (finished.body.type === "BlockStatement") finished.body.body = []
      }
      return finished
    }
  }
  return Folding as typeof Parser
})
type Internals = { finishNode(node: AnyNode, type: string): AnyNode }

type Visit = { node: AnyNode; name: readonly NamePart[]; owner: readonly NamePart[] }

/** Without recursion: hostile code is as deep as it likes. */
function scopesIn(nodes: readonly AnyNode[]): Scope[] {
  const scopes: Scope[] = []
  const waiting = nodes.map(plain)
  for (let visit = waiting.pop(); visit; visit = waiting.pop()) {
    const { node } = visit
    if (isFunction(node)) {
      const own = node.type === "ArrowFunctionExpression" ? null : node.id
      const name = own ? [part(own)] : visit.name
      scopes.push({ start: node.start, end: node.end, name, inner: node.within ?? [] })
    } else {
      // As arguments, a file's statements may be more than a call can have.
      for (const child of childrenOf(node, visit)) waiting.push(child)
    }
  }
  return scopes.sort((a, b) => a.start - b.start)
}

const NO_NAME: readonly NamePart[] = []
const plain = (node: AnyNode): Visit => ({ node, name: NO_NAME, owner: NO_NAME })

/** What is below a node, each with the name that it gets from where it stands. */
function childrenOf(node: AnyNode, { name, owner }: Visit): Visit[] {
  const children = nodesOf(node)
  switch (node.type) {
    case "VariableDeclarator":
      return children.map((child) =>
        child === node.init ? named(child, nameOf(node.id)) : plain(child),
      )
    case "AssignmentExpression":
    case "AssignmentPattern":
      return children.map((child) =>
        child === node.right ? named(child, nameOf(node.left)) : plain(child),
      )
    case "ClassDeclaration":
    case "ClassExpression": {
      const className = node.id ? [part(node.id)] : name
      return children.map((child) =>
        child === node.body ? { node: child, name: NO_NAME, owner: className } : plain(child),
      )
    }
    case "ClassBody":
    case "ObjectExpression":
      return children.map((child) => ({ node: child, name: NO_NAME, owner }))
    case "MethodDefinition":
    case "PropertyDefinition":
    case "Property":
      return children.map((child) =>
        child === node.value ? named(child, memberNameOf(node, owner)) : plain(child),
      )
    case "ParenthesizedExpression":
      return children.map((child) => named(child, name))
    default:
      return children.map(plain)
  }
}

/** An object's members are called after the object, too. */
function named(node: AnyNode, name: readonly NamePart[]): Visit {
  return { node, name, owner: node.type === "ObjectExpression" ? name : NO_NAME }
}

type Member = Extract<AnyNode, { type: "MethodDefinition" | "PropertyDefinition" | "Property" }>

function memberNameOf(node: Member, owner: readonly NamePart[]): readonly NamePart[] {
  const kind = "kind" in node ? node.kind : "init"
  if (kind === "constructor") return owner.length > 0 ? [text("new "), ...owner] : []
  const key = node.computed ? [text("<computed>")] : nameOf(node.key)
  const whole = owner.length > 0 ? [...owner, text("."), ...key] : key
  return kind === "get" || kind === "set" ? [text(`${kind} `), ...whole] : whole
}

/** `a.b.c`, as far as it is made of names. */
function nameOf(node: AnyNode | null | undefined): NamePart[] {
  const parts: NamePart[] = []
  let current = node
  while (current?.type === "MemberExpression") {
    if (current.computed && current.property.type !== "Literal") return []
    parts.unshift(text("."), ...simpleName(current.property))
    current = current.object
  }
  const first = simpleName(current)
  return first.length > 0 ? [...first, ...parts] : parts.slice(1)
}

function simpleName(node: AnyNode | null | undefined): NamePart[] {
  if (node?.type === "Identifier") return [part(node)]
  if (node?.type === "PrivateIdentifier")
    return [text("#"), { text: node.name, at: node.start + 1 }]
  if (node?.type === "Literal") return [{ text: String(node.value), at: node.start }]
  if (node?.type === "ThisExpression") return [text("this")]
  return []
}

const part = (identifier: { name: string; start: number }): NamePart => ({
  text: identifier.name,
  at: identifier.start,
})
const text = (value: string): NamePart => ({ text: value, at: null })

type FunctionNode = Extract<
  AnyNode,
  { type: "FunctionDeclaration" | "FunctionExpression" | "ArrowFunctionExpression" }
> & { within?: readonly Scope[] }

function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression" ||
    node.type === "FunctionDeclaration"
  )
}

/** Every member of a node that is a node. */
function nodesOf(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = []
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const each of value) if (isNode(each)) found.push(each)
    } else if (isNode(value)) found.push(value)
  }
  return found
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && typeof (value as Node).start === "number"
}

/** The one of these functions in which a place is. */
function around(scopes: readonly Scope[], offset: number): Scope | null {
  let low = 0
  let high = scopes.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if ((scopes[middle]?.start ?? 0) <= offset) low = middle + 1
    else high = middle - 1
  }
  const scope = scopes[high]
  return scope && offset < scope.end ? scope : null
}

function countScopes(scopes: readonly Scope[]): number {
  return scopes.reduce((sum, { inner }) => sum + 1 + countScopes(inner), 0)
}
