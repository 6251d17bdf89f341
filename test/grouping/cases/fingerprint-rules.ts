type Json = Record<string, unknown>

/** A rule, an event, and the fingerprint it gets: null, none. */
export type FingerprintRuleCase = {
  title: string
  rules: string[]
  event: Json
  fingerprint: string[] | null
}

const thrown = (...values: Json[]): Json => ({ platform: "python", exception: { values } })
const stack = (...frames: Json[]) => ({ stacktrace: { frames } })

export const fingerprintRuleCases: FingerprintRuleCase[] = [
  {
    title: "a type fits",
    rules: ["error.type:DiskError -> disk"],
    event: thrown({ type: "DiskError", value: "x" }),
    fingerprint: ["disk"],
  },
  {
    title: "a type's case counts",
    rules: ["error.type:DiskError -> disk"],
    event: thrown({ type: "diskerror", value: "x" }),
    fingerprint: null,
  },
  {
    title: "a value's case does not",
    rules: ['error.value:"*no space*" -> space'],
    event: thrown({ type: "E", value: "write: NO SPACE left" }),
    fingerprint: ["space"],
  },
  {
    title: "what an exception says is a message, too",
    rules: ['message:"*no space*" -> space'],
    event: thrown({ type: "E", value: "no space left" }),
    fingerprint: ["space"],
  },
  {
    title: "type and value are asked of one exception",
    rules: ['error.type:A error.value:"*x*" -> both'],
    event: thrown({ type: "A", value: "y" }, { type: "B", value: "x" }),
    fingerprint: null,
  },
  {
    title: "function and module are asked of one frame",
    rules: ["stack.function:f stack.module:m -> both"],
    event: thrown({
      type: "E",
      ...stack({ function: "f", module: "n" }, { function: "g", module: "m" }),
    }),
    fingerprint: null,
  },
  {
    title: "the first rule that fits wins",
    rules: ["error.type:A -> one", "error.type:A -> two"],
    event: thrown({ type: "A", value: "x" }),
    fingerprint: ["one"],
  },
  {
    title: "a rule beats the client",
    rules: ["error.type:A -> ours"],
    event: { ...thrown({ type: "A", value: "x" }), fingerprint: ["theirs"] },
    fingerprint: ["ours"],
  },
  {
    title: "a release is a path",
    rules: ['release:"store@3.*" -> three'],
    event: { platform: "python", release: "store@3.4" },
    fingerprint: ["three"],
  },
  {
    title: "! asks for something that does not fit",
    rules: ["!error.type:A -> other"],
    event: thrown({ type: "B", value: "x" }),
    fingerprint: ["other"],
  },
  {
    title: "! does not take what fits",
    rules: ["!error.type:A -> other"],
    event: thrown({ type: "A", value: "x" }),
    fingerprint: null,
  },
  {
    title: "! does not take nothing at all",
    rules: ["!error.type:A -> other"],
    event: { platform: "python", logentry: { formatted: "hi" } },
    fingerprint: null,
  },
  {
    title: "rules see what the SDK says of frames",
    rules: ["app:yes stack.function:pay -> pay"],
    event: {
      ...thrown({
        type: "E",
        ...stack({ function: "pay", abs_path: "/srv/node_modules/p.js", in_app: true }),
      }),
      platform: "node",
    },
    fingerprint: ["pay"],
  },
  {
    title: "chunks that a browser cannot load are one issue without any rule",
    rules: [],
    event: {
      ...thrown({ type: "ChunkLoadError", value: "Loading chunk 7 failed." }),
      platform: "javascript",
    },
    fingerprint: ["chunkloaderror"],
  },
  {
    title: "failed hydration is one issue a page without any rule",
    rules: [],
    event: {
      ...thrown({ type: "Error", value: "Text content does not match server-rendered HTML." }),
      platform: "javascript",
      transaction: "/basket",
    },
    fingerprint: ["hydrationerror", "{{ tags.transaction }}"],
  },
  {
    title: "and none without a page",
    rules: [],
    event: {
      ...thrown({ type: "Error", value: "Text content does not match server-rendered HTML." }),
      platform: "javascript",
    },
    fingerprint: null,
  },
  {
    title: "tags, also those that stand for attributes",
    rules: ["tags.region:eu* tags.environment:live -> eu"],
    event: { platform: "python", environment: "live", tags: { region: "eu-north" } },
    fingerprint: ["eu"],
  },
  {
    title: "level, logger, sdk and family",
    rules: ["level:WARNING logger:db.* sdk:sentry.python,sentry.ruby family:other -> quiet"],
    event: {
      platform: "python",
      level: "warning",
      logger: "db.pool",
      sdk: { name: "sentry.python", version: "2" },
    },
    fingerprint: ["quiet"],
  },
  {
    title: "one thread",
    rules: ["thread.name:main* thread.crashed:yes -> main"],
    event: {
      platform: "native",
      threads: {
        values: [
          { id: 1, name: "Main thread" },
          { id: 2, name: "pool", crashed: true },
        ],
      },
    },
    fingerprint: null,
  },
  {
    title: "a frame's caller and callee",
    rules: ["[ function:a ] | function:b | [ module:c ] -> chain"],
    event: thrown({ type: "E", ...stack({ function: "a" }, { function: "b" }, { module: "c" }) }),
    fingerprint: ["chain"],
  },
  {
    title: "frames of threads when there are no others",
    rules: ["stack.abs_path:**/pump.c -> pump"],
    event: {
      platform: "native",
      threads: { values: [{ id: 1, ...stack({ function: "f", abs_path: "/src/pump.c" }) }] },
    },
    fingerprint: ["pump"],
  },
  {
    title: "a path fits as the SDK shortened it, too",
    rules: ["path:pump.c -> pump"],
    event: thrown({ type: "E", ...stack({ filename: "pump.c", abs_path: "/src/pump.c" }) }),
    fingerprint: ["pump"],
  },
  {
    title: "and must fit in neither way for a !",
    rules: ["!path:pump.c -> other"],
    event: thrown({ type: "E", ...stack({ filename: "pump.c", abs_path: "/src/pump.c" }) }),
    fingerprint: null,
  },
  {
    title: "values with and without commas and quotes",
    rules: ['error.type:A -> one "two, too" {{error.type}},three'],
    event: thrown({ type: "A", value: "x" }),
    fingerprint: ["one", "two, too", "{{error.type}}", "three"],
  },
]
