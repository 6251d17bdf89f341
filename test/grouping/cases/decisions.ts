import { member, thrown } from "../given.ts"

type Json = Record<string, unknown>

/** Two events and whether they are one issue. */
export type Decision = [title: string, one: Json, other: Json, isSame: boolean]

const python = (frame: Json, exception: Json = {}) => thrown("python", [frame], exception)
const script = (frame: Json, exception: Json = {}) => thrown("javascript", [frame], exception)
const java = (frame: Json) => thrown("java", [frame])
const bare = (platform: string, type: string, value: string, more: Json = {}): Json => ({
  platform,
  exception: { values: [{ type, value, ...more }] },
})
const said = (formatted: string, more: Json = {}): Json => ({
  platform: "other",
  logentry: { formatted },
  ...more,
})
const chain = (...values: Json[]): Json => ({ platform: "python", exception: { values } })
const group = (id: number) => member("ExceptionGroup", id, null, { is_exception_group: true })
const nsError = (code: number, value: string) =>
  bare("cocoa", "NSError", value, {
    mechanism: { type: "NSError", meta: { ns_error: { domain: "disk", code } } },
  })
const threads = (...values: Json[]): Json => ({ platform: "native", threads: { values } })
const thread = (id: number, name: string, more: Json = {}) => ({
  id,
  stacktrace: { frames: [{ function: name, in_app: true }] },
  ...more,
})
const violation = (directive: string, uri: string): Json => ({
  csp: { effective_directive: directive, violated_directive: directive, blocked_uri: uri },
})

const order = { module: "store.order", function: "ship", context_line: "label.print()", lineno: 8 }
const page = { abs_path: "file:///w/basket.html", filename: "/w/basket.html" }
const bundle = { function: "load", abs_path: "https://one.example/b.js", filename: "/b.js" }
const anonymous = { abs_path: "https://one.example/b.js", filename: "/b.js" }
const mapped = {
  function: "q",
  module: "src/ship",
  abs_path: "webpack:///./src/ship.ts",
  filename: "./src/ship.ts",
  context_line: "throw lost",
  data: { sourcemap: "ship.js.map" },
}
const minified = (letter: string, length: number) => ({
  function: "q",
  module: "app/q",
  abs_path: "https://one.example/q.js",
  context_line: letter.repeat(length),
})
const CHECKSUM = "fedcba9876543210fedcba9876543210"

export const decisions: Decision[] = [
  [
    "a browser's own frames do not matter",
    thrown("javascript", [
      { function: "Basket.put", ...page, lineno: 4 },
      { function: "eval", ...page, lineno: 1 },
      { function: "Array.map", abs_path: "<anonymous>", filename: "<anonymous>" },
      { function: "Object.sum", ...page, lineno: 31 },
    ]),
    thrown("javascript", [
      { function: "put", ...page, lineno: 4 },
      { function: "map", abs_path: "[native code]", filename: "[native code]" },
      { function: "sum", ...page, lineno: 31 },
    ]),
    true,
  ],
  [
    "neither line nor column nor blanks matter",
    python(order),
    python({ ...order, lineno: 80, colno: 2, context_line: "  label.print()  " }),
    true,
  ],
  ["a renamed function splits", python(order), python({ ...order, function: "send" }), false],
  [
    "another line of source splits",
    python(order),
    python({ ...order, context_line: "label.cut()" }),
    false,
  ],
  ["the type splits", python(order), python(order, { type: "Ouch" }), false],
  ["the value does not, beside frames", python(order), python(order, { value: "quite" }), true],
  [
    "without frames, numbers and addresses in the value do not matter",
    bare("python", "E", "guest 12 from 192.0.2.1"),
    bare("python", "E", "guest 7 from 198.51.100.20"),
    true,
  ],
  [
    "without frames, words do",
    bare("python", "E", "guest 12 from 192.0.2.1"),
    bare("python", "E", "admin 12 from 192.0.2.1"),
    false,
  ],
  [
    "frameworks do not matter below the application",
    thrown("python", [{ module: "bottle", function: "run", in_app: false }, order]),
    thrown("python", [{ module: "tornado", function: "run", in_app: false }, order]),
    true,
  ],
  [
    "frameworks alone do",
    python({ module: "bottle", function: "run", in_app: false }),
    python({ module: "tornado", function: "run", in_app: false }),
    false,
  ],
  [
    "installed packages are not the application, whatever the SDK says",
    python(order),
    thrown("python", [
      { module: "pkg", function: "call", abs_path: "/opt/py/site-packages/pkg/a.py" },
      order,
    ]),
    true,
  ],
  [
    "the depth of a recursion does not matter",
    thrown("python", [
      { module: "m", function: "walk", lineno: 3 },
      { module: "m", function: "leaf", lineno: 9 },
    ]),
    thrown("python", [
      { module: "m", function: "walk", lineno: 3 },
      { module: "m", function: "walk", lineno: 3 },
      { module: "m", function: "walk", lineno: 3 },
      { module: "m", function: "leaf", lineno: 9 },
    ]),
    true,
  ],
  [
    "functions that call each other in turn do",
    thrown("python", [
      { module: "m", function: "walk", lineno: 3 },
      { module: "m", function: "leaf", lineno: 9 },
    ]),
    thrown("python", [
      { module: "m", function: "walk", lineno: 3 },
      { module: "m", function: "leaf", lineno: 9 },
      { module: "m", function: "walk", lineno: 3 },
      { module: "m", function: "leaf", lineno: 9 },
    ]),
    false,
  ],
  ["minified lines do not matter", script(minified("x", 121)), script(minified("y", 121)), true],
  [
    "a line of 120 characters is not minified",
    script(minified("x", 120)),
    script(minified("y", 120)),
    false,
  ],
  [
    "the host and file of a URL do not matter",
    script(bundle),
    script({ ...bundle, abs_path: "https://two.example/c.js", filename: "/c.js" }),
    true,
  ],
  [
    "a lone nameless frame from a URL says nothing",
    script(anonymous),
    script({ abs_path: "https://two.example/c.js", filename: "/c.js" }),
    true,
  ],
  ["so the value splits", script(anonymous), script(anonymous, { value: "other" }), false],
  [
    "a lone nameless frame from a file says nothing either",
    script({ abs_path: "main.js", filename: "main.js" }),
    script({ abs_path: "main.js", filename: "main.js" }, { value: "other" }),
    false,
  ],
  [
    "the query of a script's name does not matter",
    script({ function: "load", abs_path: "app:///b.js?rev=5", filename: "b.js?rev=5" }),
    script({ function: "load", abs_path: "app:///b.js?rev=6", filename: "b.js?rev=6" }),
    true,
  ],
  [
    "with a source map, the line stands for the function",
    script(mapped),
    script({ ...mapped, function: "r" }),
    true,
  ],
  [
    "without one, the function counts",
    script({ ...mapped, data: {} }),
    script({ ...mapped, data: {}, function: "r" }),
    false,
  ],
  [
    "the object before a script's function does not matter",
    script(bundle),
    script({ ...bundle, function: "Loader.prototype.load" }),
    true,
  ],
  [
    "polyfills do not matter",
    thrown("javascript", [
      { function: "step", module: "@babel/runtime/helpers/asyncToGenerator" },
      { function: "load", module: "app/start" },
    ]),
    script({ function: "load", module: "app/start" }),
    true,
  ],
  [
    "the file does not matter beside a module",
    python({ module: "a.b", filename: "a/b.py", function: "f" }),
    python({ module: "a.b", filename: "x/y.py", function: "f" }),
    true,
  ],
  [
    "of a file, folder and case do not matter",
    thrown("go", [{ filename: "/src/Ship.go", function: "f" }]),
    thrown("go", [{ filename: "D:\\build\\ship.go", function: "f" }]),
    true,
  ],
  [
    "a file alone is enough for a frame",
    thrown("php", [{ filename: "/www/ship.php" }]),
    thrown("php", [{ filename: "/www/ship.php" }], { value: "other" }),
    true,
  ],
  [
    "numbers of generated classes do not matter",
    java({ module: "store.Order$$EnhancerBySpringCGLIB$$9f8e7d", function: "ship" }),
    java({ module: "store.Order$$EnhancerBySpringCGLIB$$00aa11", function: "ship" }),
    true,
  ],
  [
    "numbers of Java's lambdas do not matter",
    java({ module: "store.Order", function: "lambda$ship$3" }),
    java({ module: "store.Order", function: "lambda$ship$41" }),
    true,
  ],
  [
    "numbers of Java's accessors do not matter",
    java({ module: "jdk.internal.reflect.GeneratedMethodAccessor5", function: "invoke" }),
    java({ module: "jdk.internal.reflect.GeneratedMethodAccessor77", function: "invoke" }),
    true,
  ],
  [
    "Java's lines of source do not matter",
    java({ module: "store.Order", function: "ship", context_line: "one();" }),
    java({ module: "store.Order", function: "ship", context_line: "two();" }),
    true,
  ],
  [
    "numbers of Ruby's templates do not matter",
    thrown("ruby", [{ filename: "s.erb", function: "_app_s_erb__777888_1234" }]),
    thrown("ruby", [{ filename: "s.erb", function: "_app_s_erb__111222_5678" }]),
    true,
  ],
  [
    "Ruby's blocks are all alike",
    thrown("ruby", [{ filename: "s.rb", function: "block in ship" }]),
    thrown("ruby", [{ filename: "s.rb", function: "block (3 levels) in label" }]),
    true,
  ],
  [
    "addresses of PHP's anonymous classes do not matter",
    thrown("php", [{ filename: "s.php", function: "class@anonymous/www/s.php0x5a::ship" }]),
    thrown("php", [{ filename: "s.php", function: "class@anonymous/www/s.php0xc3::ship" }]),
    true,
  ],
  [
    "what happens after abort does not matter",
    thrown("native", [{ function: "tick" }, { function: "abort" }, { function: "raise" }]),
    thrown("native", [{ function: "tick" }, { function: "abort" }]),
    true,
  ],
  [
    "a made-up type does not matter",
    thrown("native", [{ function: "f" }], {
      type: "SIGBUS / 0x1",
      mechanism: { type: "minidump", synthetic: true },
    }),
    thrown("native", [{ function: "f" }], {
      type: "SIGBUS / 0x2",
      mechanism: { type: "minidump", synthetic: true },
    }),
    true,
  ],
  ["domain and code stand for the value", nsError(28, "disk full"), nsError(28, "no room"), true],
  ["another code splits", nsError(28, "disk full"), nsError(30, "disk full"), false],
  [
    "the type of a cause counts",
    chain({ type: "IOError", value: "x" }, { type: "ShipError", value: "y" }),
    chain({ type: "OSError", value: "x" }, { type: "ShipError", value: "y" }),
    false,
  ],
  [
    "a group of two alike is a group of three alike",
    chain(member("V", 2, 0), member("V", 1, 0), group(0)),
    chain(member("V", 3, 0), member("V", 2, 0), member("V", 1, 0), group(0)),
    true,
  ],
  [
    "a group of one kind is that exception",
    chain(member("V", 2, 0), member("V", 1, 0), group(0)),
    bare("python", "V", "V happened"),
    true,
  ],
  [
    "the order in a group of two kinds does not matter",
    chain(member("V", 2, 0), member("T", 1, 0), group(0)),
    chain(member("T", 2, 0), member("V", 1, 0), group(0)),
    true,
  ],
  [
    "a group that numbers two alike is an ordinary chain",
    chain(member("V", 2, 0), member("V", 1, 0), group(0)),
    chain(member("V", 2, 0), member("V", 2, 0), group(0)),
    false,
  ],
  [
    "a fingerprint joins what has nothing in common",
    said("a", { platform: "python", fingerprint: ["ship"] }),
    { ...bare("java", "E", "v"), fingerprint: ["ship"] },
    true,
  ],
  [
    "a fingerprint beside the default divides",
    said("a", { fingerprint: ["{{ default }}", "north"] }),
    said("a", { fingerprint: ["{{default}}", "south"] }),
    false,
  ],
  [
    "and is never the default",
    said("a", { fingerprint: ["{{ default }}", "north"] }),
    said("a"),
    false,
  ],
  [
    "the default alone is the default",
    said("a", { fingerprint: ["{{  default }}"] }),
    said("a"),
    true,
  ],
  [
    "the order of a fingerprint counts",
    said("a", { fingerprint: ["x", "y"] }),
    said("a", { fingerprint: ["y", "x"] }),
    false,
  ],
  [
    "a checksum beats a fingerprint",
    said("a", { checksum: CHECKSUM, fingerprint: ["x"] }),
    said("b", { checksum: CHECKSUM, fingerprint: ["y"] }),
    true,
  ],
  [
    "a template of a message groups, its values do not matter",
    { platform: "other", logentry: { message: "bye %s", formatted: "bye ann" } },
    { platform: "other", logentry: { message: "bye %s", formatted: "bye bob" } },
    true,
  ],
  ["a ready message has no values to ignore", said("bye ann"), said("bye bob"), false],
  [
    "platform, level, logger and tags of a message do not matter",
    said("run 5 ended", { platform: "javascript", level: "info" }),
    said("run 6 ended", { platform: "python", logger: "x", tags: { a: "b" } }),
    true,
  ],
  ["two lines of a message count", said("a\nb\nc"), said("a\nb\nd"), true],
  ["an exception is no message", bare("python", "E", "x"), said("x"), false],
  [
    "a message beside an exception does not matter",
    { ...bare("python", "E", "x"), logentry: { formatted: "one" } },
    { ...bare("python", "E", "x"), logentry: { formatted: "two" } },
    true,
  ],
  [
    "only the thread that crashed counts",
    threads(thread(1, "f", { crashed: true }), thread(2, "idle")),
    threads(thread(1, "f", { crashed: true }), thread(2, "wait")),
    true,
  ],
  [
    "two threads that crashed say nothing: the message does",
    said("m", threads(thread(1, "f", { crashed: true }), thread(2, "g", { crashed: true }))),
    said("m"),
    true,
  ],
  ["events that say nothing are one issue", { platform: "other" }, { platform: "ruby" }, true],
  [
    "variables, packages, paths and addresses do not matter",
    thrown("native", [{ function: "f", package: "/a/one.so", instruction_addr: "0x1" }]),
    thrown("native", [
      {
        function: "f",
        package: "/b/two.so",
        instruction_addr: "0x9",
        vars: { a: 1 },
        abs_path: "/t/u.c",
      },
    ]),
    true,
  ],
  [
    "frames from URLs without any name leave type and value",
    thrown(
      "javascript",
      [
        { ...anonymous, function: "?" },
        { ...anonymous, function: "<anonymous>" },
      ],
      {
        value: "n 1",
      },
    ),
    thrown(
      "javascript",
      [
        { ...anonymous, function: "?" },
        { ...anonymous, function: "<anonymous>" },
      ],
      {
        value: "n 2",
      },
    ),
    true,
  ],
  [
    "of what a policy blocked, the path does not matter",
    violation("img-src", "https://bad.example/a.png"),
    violation("img-src", "https://bad.example/b.png"),
    true,
  ],
  [
    "another directive splits",
    violation("img-src", "https://bad.example/a.png"),
    violation("font-src", "https://bad.example/a.png"),
    false,
  ],
  [
    "data is a scheme",
    violation("img-src", "data"),
    violation("img-src", "data:image/png,x"),
    true,
  ],
  [
    "nothing blocked is the page itself",
    violation("img-src", ""),
    violation("img-src", "self"),
    true,
  ],
]
