import fc from "fast-check"

/** One change to a JSON value; `at` counts through its nodes and starts over behind the last one. */
export type Edit =
  | { kind: "set"; at: number; value: unknown }
  | { kind: "delete"; at: number }
  | { kind: "rename"; at: number; name: string }
  | { kind: "copy"; at: number; from: number }
  | { kind: "repeat"; at: number; times: number }
  | { kind: "wrap"; at: number; form: "list" | "values" | "text" | "pairs"; depth: number }
  | { kind: "grow"; at: number; unit: string; times: number }

/** Values that some reader once took for something else. */
const ODD_VALUES: unknown[] = [
  ...[null, true, false, 0, -1, 1e308, -1e308, 2 ** 53 + 2, 2 ** 31, 2 ** 63, 1e-320],
  ...["", " ", "\0", "a\0b", "\ud800", "x\udfff", "\u202egnp.exe", "{{auto}}", "{{ default }}"],
  ...["null", "NaN", "-Infinity", "1e999", "9999999999999999999999", "0x10", "[Filtered]"],
  ...["../../etc/passwd", "javascript:alert(1)", "<script>alert(1)</script>", "%s %(a)s {0} {}"],
  ...["2026-13-45T99:99:99Z", "+300000-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "-1"],
  ...["fatal", "log", "critical", "transaction", "feedback", "csp", "native", "javascript"],
  ...["constructor", "__proto__", "toString", "latest", "none", "a/b", "a\r\nb", "@", "a@1+2"],
  [],
  {},
  [null],
  [[]],
  [["a", "b"], ["a"], ["a", "b", "c"], null, 1],
  { values: null },
  { values: {} },
  { values: [null, 1, "x", [], {}] },
  { frames: [null, {}, { lineno: -1 }, { function: {} }] },
  JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
  { "": 1, "a.b": 2, "a b": 3 },
]

/** Attributes by the names of ten years, and names that are none. */
const NAMES = [
  ...["message", "logentry", "exception", "stacktrace", "threads", "breadcrumbs", "request"],
  ...["user", "contexts", "extra", "tags", "modules", "fingerprint", "checksum", "culprit"],
  ...["transaction", "level", "platform", "release", "dist", "environment", "timestamp", "type"],
  ...["sdk", "debug_meta", "_meta", "errors", "template", "logger", "server_name", "site"],
  ...["sentry.interfaces.Message", "sentry.interfaces.Exception", "sentry.interfaces.Http"],
  ...["sentry.interfaces.User", "sentry.interfaces.Stacktrace", "sentry.interfaces.Breadcrumbs"],
  ...["values", "frames", "vars", "mechanism", "context_line", "abs_path", "in_app", "data"],
  ...["headers", "cookies", "query_string", "env", "__proto__", "constructor", "", "\0", "a.b"],
]

const at = fc.nat(2_000)
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...ODD_VALUES) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
)

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("set"), at, value }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete"), at }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("rename"), at, name: fc.constantFrom(...NAMES) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("copy"), at, from: at }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("repeat"), at, times: fc.nat(300) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("wrap"),
      at,
      form: fc.constantFrom("list", "values", "text", "pairs"),
      depth: fc.oneof(fc.constant(1), fc.nat(150)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("grow"),
      at,
      unit: fc.constantFrom("x", " ", "é", "\n", "((", "😀", "a.b/", "%s", '"', "\ud800"),
      times: fc.oneof(
        { weight: 9, arbitrary: fc.nat(300) },
        { weight: 1, arbitrary: fc.nat(20_000) },
      ),
    }),
  },
) as fc.Arbitrary<Edit>

/** Characters that a change may add by copying: six of them multiply. */
const MAX_COPIED = 50_000

type Holder = Record<string | number, unknown>
type Node = { holder: Holder; key: string | number }

/** The value after all edits, in order; the given one is not touched. Its top stays what it was, unless that is edited. */
export function mutated(given: unknown, edits: readonly Edit[]): unknown {
  const top: Holder = { value: structuredClone(given) }
  for (const each of edits) apply(top, each)
  return top.value
}

function apply(top: Holder, change: Edit): void {
  const nodes = nodesOf(top)
  const node = nodes[change.at % nodes.length]
  if (!node) return
  const { holder, key } = node
  if (change.kind === "delete") {
    if (holder !== top) delete holder[key]
  } else if (change.kind === "rename") {
    put(holder, change.name, holder[key])
  } else {
    put(holder, key, edited(holder[key], change, nodes))
  }
}

/** What stands in the place of a value. */
function edited(
  value: unknown,
  change: Exclude<Edit, { kind: "delete" | "rename" }>,
  nodes: readonly Node[],
): unknown {
  switch (change.kind) {
    case "set":
      return structuredClone(change.value)
    case "copy": {
      const from = nodes[change.from % nodes.length]
      const copied = from?.holder[from.key]
      return textOf(copied).length > MAX_COPIED ? null : structuredClone(copied)
    }
    case "repeat": {
      const times = Math.min(change.times, Math.floor(MAX_COPIED / (textOf(value).length + 1)))
      return Array.from({ length: times }, () => structuredClone(value))
    }
    case "wrap":
      return wrapped(value, change.form, change.depth)
    case "grow":
      return `${textOf(value)}${change.unit.repeat(change.times)}`
  }
}

/** As JSON.parse does: `__proto__` is a name like any other. */
function put(holder: Holder, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

function wrapped(value: unknown, form: string, depth: number): unknown {
  let inside = value
  for (let level = 0; level < depth; level++) {
    if (form === "text") return JSON.stringify(inside)
    if (form === "pairs") return [["key", inside]]
    inside = form === "list" ? [inside] : { values: [inside] }
  }
  return inside
}

function nodesOf(top: Holder): Node[] {
  const nodes: Node[] = []
  const visit = (holder: Holder) => {
    for (const key of Object.keys(holder)) {
      nodes.push({ holder, key })
      const inside = holder[key]
      if (typeof inside === "object" && inside !== null) visit(inside as Holder)
    }
  }
  visit(top)
  return nodes
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "")
}
