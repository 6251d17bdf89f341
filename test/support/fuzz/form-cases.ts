import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib"
import fc from "fast-check"
import { buildId, crashDump, rsds } from "../crash-dump.ts"
import type { FixtureRequest } from "../fixtures.ts"
import { MULTIPART, multipart } from "../minidump.ts"
import { msgpack } from "../msgpack.ts"
import { events } from "./envelope-cases.ts"
import { type Edit, edit, mutated } from "./mutate.ts"
import { sent, type Wire, wire } from "./wire.ts"

/** A number written over one of a minidump's; `at` counts through its words of four bytes. */
type DumpEdit = { at: number; value: number }
type Content =
  | { is: "dump"; edits: DumpEdit[]; packing: (typeof DUMP_PACKINGS)[number]; isLarge: boolean }
  | { is: "json" | "msgpack"; event: number; edits: Edit[] }
  | { is: "text"; text: string }
type Part = { name: string; filename: string | null; content: Content }

/** A request that is neither an event nor an envelope. */
export type FormCase = Wire & {
  endpoint: (typeof FORM_ENDPOINTS)[number]
  isPosted: boolean
  /** Whether the body is a form, or its first part's content alone. */
  isForm: boolean
  id: string
  /** What stands in the path. */
  subject: string
  /** Of the query, or a form of text alone. */
  fields: [name: string, value: string][]
  parts: Part[]
}

export const FORM_ENDPOINTS = [
  "minidump",
  "unreal",
  "attachments",
  "cron",
  "error-page",
  "loader",
] as const
const DUMP_PACKINGS = ["none", "gzip", "zstd", "form"] as const
const DUMP = crashDump({
  version: [6, 1, 0],
  detail: "Linux 6.1.0",
  threads: [{ id: 7, at: 0x400123n, name: "till" }, { id: 8 }],
  modules: [
    { base: 0x400000, size: 0x1000, file: "/opt/till", identity: buildId("ab".repeat(20)) },
    {
      base: 0x500000,
      size: 0x1000,
      file: "C:\\a.exe",
      identity: rsds("cd".repeat(16), 1, "a.pdb"),
    },
  ],
  crash: { threadId: 7, code: 11, address: 0x45n, parameters: [1n, 2n], at: 0x400123n },
})
const DUMP_WORDS = Math.floor(DUMP.length / 4)
/** Beyond what travels through the queue. */
const LARGE_BYTES = 80_000

const NAMES = [
  ...["upload_file_minidump", "sentry", "sentry__1", "sentry__2", "sentry___x", "sentry[user][id]"],
  ...["sentry[exception]", "sentry[__proto__][a]", "__sentry-event", "__sentry-breadcrumb1"],
  ...["__sentry-breadcrumb2", "view-hierarchy.json", "guid", "__proto__", "", 'a"b'],
]
const FILENAMES = ["a.dmp.gz", "../../x", "screenshot.png", "\u202egnp.exe", "", "a".repeat(5_000)]
const FIELDS: Record<string, string[]> = {
  status: ["ok", "error", "in_progress", "great", ""],
  check_in_id: ["0".repeat(32), "latest", "A".repeat(32)],
  duration: ["1.5", "-1", "1e400", "", "x"],
  environment: ["production", "\0", "e".repeat(3_000)],
  UserID: ["ann|epic|machine", "|||||", "\0|a"],
  name: ["Ann", "<b>x", "n".repeat(200), "\0"],
  email: ["ann@example.test", "none", "a@b@c"],
  comments: ["It broke.", "", " ", "c".repeat(5_000), "\u202e<script>alert(1)</script>"],
}

const text = fc.oneof(
  fc.constantFrom(
    "",
    "{",
    "null",
    '{"user":{"id":1},"level":"error"}',
    "\0\r\n--",
    "x".repeat(9_000),
  ),
  fc.string({ unit: "binary", maxLength: 60 }),
)
const dump: fc.Arbitrary<Content> = fc.record({
  is: fc.constant("dump" as const),
  edits: fc.array(
    fc.record({
      at: fc.nat(DUMP_WORDS - 1),
      value: fc.oneof(
        fc.constantFrom(0, 1, 4, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, DUMP.length),
        fc.nat(DUMP.length),
      ),
    }),
    { maxLength: 5 },
  ),
  packing: fc.constantFrom("none" as const, ...DUMP_PACKINGS),
  isLarge: fc.boolean(),
})
const content: fc.Arbitrary<Content> = fc.oneof(
  dump,
  fc.record({
    is: fc.constantFrom("json" as const, "msgpack" as const),
    event: fc.nat(events.length - 1),
    edits: fc.array(edit, { maxLength: 4 }),
  }),
  fc.record({ is: fc.constant("text" as const), text }),
)
const part: fc.Arbitrary<Part> = fc.record({
  name: fc.constantFrom(...NAMES),
  filename: fc.option(fc.constantFrom("a.txt", ...FILENAMES)),
  content,
})
const dumpPart = fc.record({
  name: fc.constant("upload_file_minidump"),
  filename: fc.constantFrom("a.dmp", ...FILENAMES),
  content: dump,
})
const field = fc
  .constantFrom(...Object.keys(FIELDS))
  .chain((name) =>
    fc.tuple(fc.constant(name), fc.oneof(fc.constantFrom(...(FIELDS[name] ?? [])), text)),
  )
/** What most endpoints need is there, mostly. */
const fields = fc.tuple(
  fc.constantFrom<[string, string][]>(
    [
      ["status", "ok"],
      ["comments", "It broke."],
    ],
    [],
  ),
  fc.array(field, { maxLength: 4 }),
)

export const formCases: fc.Arbitrary<FormCase> = fc.record({
  endpoint: fc.constantFrom("minidump" as const, ...FORM_ENDPOINTS),
  isPosted: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.boolean()),
  isForm: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.boolean()),
  id: fc.bigInt(0n, 2n ** 128n - 1n).map((given) => given.toString(16).padStart(32, "0")),
  subject: fc.oneof(
    fc.constantFrom("nightly", "n%C3%A4chtlich", "%zz", "a b", "s".repeat(150)),
    text,
  ),
  fields: fields.map(([given, more]) => [...more, ...given]),
  parts: fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(dumpPart, fc.array(part, { maxLength: 4 }))
        .map(([first, more]) => [first, ...more]),
    },
    { weight: 1, arbitrary: fc.array(part, { maxLength: 4 }) },
  ),
  ...wire,
})

export function formRequestOf(given: FormCase, dsn: string): FixtureRequest {
  const { username: key } = new URL(dsn)
  const { body, headers, query } = sent(bodyOf(given), given, key)
  const isReadable = given.endpoint === "cron" || given.endpoint === "error-page"
  const isGet = given.endpoint === "loader" || (isReadable && !given.isPosted)
  return {
    method: isGet ? "GET" : "POST",
    path: pathOf(given, dsn, query),
    headers: { ...headers, "content-type": contentTypeOf(given) },
    body: isGet ? null : body,
  }
}

function pathOf(given: FormCase, dsn: string, credentials: string): string {
  const { username: key, pathname } = new URL(dsn)
  const { endpoint, id } = given
  const subject = encodeURIComponent(given.subject.toWellFormed()) || "x"
  const fields = new URLSearchParams(given.fields)
  const query = `${credentials || "?"}&${fields}`
  const project = `/api${pathname}`
  switch (endpoint) {
    case "minidump":
      return `${project}/minidump/${query}`
    case "unreal":
      return `${project}/unreal/${key}/?${fields}`
    case "attachments":
      return `${project}/events/${given.isForm ? id : subject}/attachments/${query}`
    case "cron":
      return `${project}/cron/${subject}/${given.auth === "none" ? `${key}/` : ""}${query}`
    case "error-page":
      return `/api/embed/error-page/?${new URLSearchParams({ dsn, eventId: id })}`
    case "loader":
      return `/js-sdk-loader/${given.isForm ? key : subject}.min.js`
  }
}

function contentTypeOf({ endpoint, isForm }: FormCase): string {
  if (endpoint === "cron") return isForm ? "text/plain" : "application/json"
  if (endpoint === "error-page") return "application/x-www-form-urlencoded"
  return isForm && endpoint !== "unreal" ? MULTIPART["Content-Type"] : "application/octet-stream"
}

function bodyOf(given: FormCase): Buffer {
  const [first] = given.parts
  const alone = first ? bytesOf(first.content, given) : Buffer.alloc(0)
  switch (given.endpoint) {
    case "unreal":
      return deflateSync(alone)
    case "error-page":
      return Buffer.from(new URLSearchParams(given.fields).toString())
    case "cron":
      return Buffer.from(JSON.stringify(Object.fromEntries(given.fields)))
    default:
      return given.isForm ? formOf(given) : alone
  }
}

function formOf(given: FormCase): Buffer {
  return multipart(
    given.parts.map((each) => ({
      name: each.name,
      ...(each.filename !== null && { filename: each.filename }),
      content: bytesOf(each.content, given),
    })),
  )
}

function bytesOf(given: Content, { id }: FormCase): Buffer {
  switch (given.is) {
    case "dump":
      return dumpOf(given)
    case "text":
      return Buffer.from(given.text)
    default: {
      const event = mutated({ ...events[given.event], event_id: id }, given.edits)
      return given.is === "json" ? Buffer.from(JSON.stringify(event) ?? "") : msgpack(event)
    }
  }
}

function dumpOf({ edits, packing, isLarge }: Extract<Content, { is: "dump" }>): Buffer {
  const bytes = Buffer.concat([DUMP, Buffer.alloc(isLarge ? LARGE_BYTES : 0)])
  for (const { at, value } of edits) bytes.writeUInt32LE(value, at * 4)
  switch (packing) {
    case "gzip":
      return gzipSync(bytes, { level: 1 })
    case "zstd":
      return zstdCompressSync(bytes)
    case "form":
      return multipart([{ name: "upload_file_minidump", filename: "a", content: bytes }], "inner")
    default:
      return bytes
  }
}
