import { type AnyNode, type Node, parse } from "acorn"

/** A piece of a function's name: an identifier that was renamed, or text that was not. */
type NamePart = { text: string /** Where it stands in the file. */; at: number | null }

/** What the functions of a minified file are called in it. */
export type Scopes = {
  /** The parts of the innermost function's name; empty: it has none; null: no function is around this place. */
  nameAt(offset: number): readonly NamePart[] | null
  bytes: number
}

/** 0.6 s of parsing. Of larger files the callers tell the names. */
export const MAX_PARSED_CHARS = 1024 * 1024
const BYTES_PER_SCOPE = 200

type Scope = { start: number; end: number; parent: number; name: readonly NamePart[] }

/** Finds all functions of a file; null when the parser does not understand it, or would take too long. */
export function scopesOf(text: string): Scopes | null {
  if (text.length > MAX_PARSED_CHARS) return null
  const program = programOf(text)
  if (!program) return null
  const scopes: Scope[] = []
  collect(program, scopes)
  return {
    nameAt(offset) {
      let scope = scopes[lastStarted(scopes, offset)]
      while (scope && scope.end <= offset) scope = scopes[scope.parent]
      return scope?.name ?? null
    },
    bytes: scopes.length * BYTES_PER_SCOPE,
  }
}

const TOLERANT = {
  ecmaVersion: "latest",
  allowHashBang: true,
  allowReturnOutsideFunction: true,
  allowAwaitOutsideFunction: true,
} as const

/** Nesting that is too deep ends as an error as well. */
function programOf(text: string): AnyNode | null {
  for (const sourceType of ["module", "script"] as const) {
    try {
      return parse(text, { ...TOLERANT, sourceType })
    } catch {}
  }
  return null
}

type Visit = {
  node: AnyNode
  parent: number
  name: readonly NamePart[]
  owner: readonly NamePart[]
}

/** In the order in which they begin. Without recursion: hostile code is as deep as it likes. */
function collect(program: AnyNode, scopes: Scope[]): void {
  const waiting: Visit[] = [{ node: program, parent: -1, name: [], owner: [] }]
  for (let visit = waiting.pop(); visit; visit = waiting.pop()) {
    const { node } = visit
    let inside = visit.parent
    if (isFunction(node)) {
      const own = node.type === "ArrowFunctionExpression" ? null : node.id
      const name = own ? [part(own)] : visit.name
      inside = scopes.push({ start: node.start, end: node.end, parent: visit.parent, name }) - 1
    }
    const children = childrenOf(node, visit)
    for (const child of children.reverse()) waiting.push({ ...child, parent: inside })
  }
}

type Child = Omit<Visit, "parent">

/** What is below a node, each with the name that it gets from where it stands. */
function childrenOf(node: AnyNode, { name, owner }: Visit): Child[] {
  const plain = (child: AnyNode): Child => ({ node: child, name: [], owner: [] })
  switch (node.type) {
    case "VariableDeclarator":
      return nodesOf(node).map((child) =>
        child === node.init ? named(child, nameOf(node.id)) : plain(child),
      )
    case "AssignmentExpression":
    case "AssignmentPattern":
      return nodesOf(node).map((child) =>
        child === node.right ? named(child, nameOf(node.left)) : plain(child),
      )
    case "ClassDeclaration":
    case "ClassExpression": {
      const className = node.id ? [part(node.id)] : name
      return nodesOf(node).map((child) =>
        child === node.body ? { node: child, name: [], owner: className } : plain(child),
      )
    }
    case "ClassBody":
    case "ObjectExpression":
      return nodesOf(node).map((child) => ({ node: child, name: [], owner }))
    case "MethodDefinition":
    case "PropertyDefinition":
    case "Property": {
      const memberName = memberNameOf(node, owner)
      return nodesOf(node).map((child) =>
        child === node.value ? named(child, memberName) : plain(child),
      )
    }
    case "ParenthesizedExpression":
      return nodesOf(node).map((child) => named(child, name))
    default:
      return nodesOf(node).map(plain)
  }
}

/** An object's members are called after the object, too. */
function named(node: AnyNode, name: readonly NamePart[]): Child {
  return { node, name, owner: node.type === "ObjectExpression" ? name : [] }
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
>

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
    if (Array.isArray(value)) found.push(...value.filter(isNode))
    else if (isNode(value)) found.push(value)
  }
  return found
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && typeof (value as Node).start === "number"
}

function lastStarted(scopes: readonly Scope[], offset: number): number {
  let low = 0
  let high = scopes.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if ((scopes[middle]?.start ?? 0) <= offset) low = middle + 1
    else high = middle - 1
  }
  return high
}
