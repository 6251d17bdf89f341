import { describe, expect, test } from "bun:test"
import { decide } from "#grouping/decide.ts"
import { groupEvent } from "#grouping/group.ts"
import { DEFAULT_STACK_RULES } from "#grouping/rules/default-stack-rules.ts"
import { judgeStacks } from "#grouping/rules/judge-stacks.ts"
import { compileProjectRules } from "#grouping/rules/project-rules.ts"
import { parseStackRules } from "#grouping/rules/stack-grammar.ts"
import { compileStackRules } from "#grouping/rules/stack-rule-set.ts"
import { judgeStack } from "#grouping/rules/stack-rules.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { effortOf } from "../support/effort.ts"
import { stackRuleCases } from "./cases/stack-rules.ts"
import { given, thrown } from "./given.ts"

function setOf(...lines: string[]) {
  const { rules, errors } = parseStackRules(lines.join("\n"))
  expect(errors).toEqual([])
  return compileStackRules(rules)
}

test.each(stackRuleCases)("$title", ({ rules, platform = "other", exception, frames, inApp }) => {
  const owner = { exception: exception ?? null, platform }
  const state = judgeStack(frames, owner, [setOf(...rules)])
  expect(state?.inApp ?? frames.map((frame) => frame.in_app === true)).toEqual(inApp)
})

describe("frames that count", () => {
  const frames = [
    { module: "m", function: "one" },
    { module: "m", function: "two" },
    { module: "lib", function: "three", in_app: false },
  ]

  /** The functions that enter the hash. */
  function counting(rule: string, variant: "app" | "system"): string[] {
    const { event, marks } = judgeStacks(given(thrown("python", frames)), [setOf(rule)])
    const tree = groupEvent(event, marks).variants.find(({ name }) => name === variant)
    return JSON.stringify(tree?.component)
      .split('"id":"frame","contributes":true')
      .slice(1)
      .flatMap(
        (part) => /"id":"function","contributes":true,"values":\["(\w+)"/.exec(part)?.[1] ?? [],
      )
  }

  test("are fewer by -group, in both variants", () => {
    expect(counting("function:one -group", "app")).toEqual(["two"])
    expect(counting("function:one -group", "system")).toEqual(["two", "three"])
  })

  test("are more by +group, but never foreign ones among the application's", () => {
    expect(counting("function:three +group", "app")).toEqual(["one", "two"])
    expect(counting("function:three +group", "system")).toEqual(["one", "two", "three"])
  })

  test("are the newest few by max-frames", () => {
    expect(counting("function:one max-frames=1", "app")).toEqual(["two"])
    expect(counting("function:one max-frames=1", "system")).toEqual(["three"])
  })

  test("are none when they are fewer than min-frames: type and value count then", () => {
    const rule = setOf("function:one min-frames=4")
    const hashOf = (value: string) => {
      const { event, marks } = judgeStacks(given(thrown("python", frames, { value })), [rule])
      return groupEvent(event, marks).hashes
    }
    expect(hashOf("it broke")).not.toEqual(hashOf("it tore"))
    expect(counting("function:one min-frames=2", "app")).toEqual(["one", "two"])
  })

  test("are more by +group, also those of a recursion", () => {
    const again = [...frames, frames[2]!]
    const { event, marks } = judgeStacks(given(thrown("python", again)), [
      setOf("function:three +group"),
    ])
    const plain = groupEvent(given(thrown("python", again))).hashes
    expect(groupEvent(given(thrown("python", frames))).hashes).toEqual(plain)
    expect(groupEvent(event, marks).hashes[1]).not.toBe(plain[1])
  })

  test("are not changed by invert-stacktrace, which old texts have", () => {
    expect(counting("function:one invert-stacktrace=1", "app")).toEqual(["one", "two"])
  })
})

describe("a line that is no rule", () => {
  test.each([
    ["colour:red -app", 1, 'there is nothing called "colour" to match'],
    ["function:f", 11, "expected an action, like -app or category=system"],
    ["function:f  +apple", 13, '"+apple" is no action'],
    ["function:f max-frames=few", 12, "max-frames needs a number"],
    ["-app", 1, "expected a matcher, like function:main"],
    ['module:"a.b -app', 8, 'there is no closing "'],
    ["[ function:a function:b -app", 14, "expected ]"],
    ["[ function:a ] function:b -app", 16, "expected | after the caller"],
    ["function:a | function:b -app", 14, "expected [ before the callee"],
    ["function: -app", 10, '"function:" needs a value'],
    [
      "module:m function:load_[a -app",
      19,
      "this is no pattern: A [ has no ]. Write \\[ where the character itself is meant",
    ],
    [
      "[ package:{a,b ] | family:native -app",
      11,
      "this is no pattern: A { has no }. Write \\{ where the character itself is meant",
    ],
  ])("%j is told with its column", (line, column, message) => {
    expect(parseStackRules(`# rules\n\n${line}`).errors).toEqual([{ line: 3, column, message }])
  })

  test("does not keep the others from being read", () => {
    const { rules, errors } = parseStackRules("function:a -app\nnonsense\nfunction:b -app # why")
    expect(rules.map(({ line }) => line)).toEqual([1, 3])
    expect(errors.map(({ line }) => line)).toEqual([2])
  })
})

describe("our own rules", () => {
  test("are rules", () => {
    expect(parseStackRules(DEFAULT_STACK_RULES).errors).toEqual([])
  })

  const rules = compileProjectRules({ stackTraceRules: "", fingerprintRules: "" })
  const inApp = (platform: string, frames: Record<string, unknown>[]) =>
    judgeStacks(
      given(thrown(platform, frames)),
      rules.stack,
    ).event.exception?.values[0]?.stacktrace?.frames.map((frame) => frame.in_app)

  test.each([
    ["python", { abs_path: "/v/lib/python3/dist-packages/x.py" }],
    ["node", { abs_path: "/srv/node_modules/x/i.js" }],
    ["javascript", { abs_path: "https://cdn.jsdelivr.net/npm/x.js", function: "f" }],
    ["php", { abs_path: "/srv/vendor/x/y.php" }],
    ["go", { abs_path: "/root/go/pkg/mod/x/y.go" }],
    ["java", { module: "org.springframework.web.Dispatcher", function: "f" }],
    ["java", { module: "android.os.Binder", function: "execTransact" }],
    ["native", { package: "/usr/lib/libc.so", function: "read" }],
    ["native", { function: "std::vector::at" }],
    ["cocoa", { function: "-[KSCrashReporter install]" }],
  ])("take %s %j out of the application", (platform, frame) => {
    expect(inApp(platform, [frame])).toEqual([false])
  })

  test("take bundles of phones into it", () => {
    const frame = { package: "/private/var/containers/Bundle/Application/A/B.app/B", in_app: false }
    expect(inApp("cocoa", [frame])).toEqual([true])
  })

  test("remember what the SDK said, so that other rules start from it", () => {
    const event = given(thrown("node", [{ abs_path: "/srv/node_modules/x/i.js", function: "f" }]))
    const once = judgeStacks(event, rules.stack).event
    expect(once.exception?.values[0]?.stacktrace?.frames[0]).toMatchObject({
      in_app: false,
      data: { orig_in_app: 1 },
    })
    expect(judgeStacks(once, rules.stack).event).toEqual(once)
    expect(judgeStacks(once, []).event).toEqual(event)
  })
})

describe("frames that came before", () => {
  const owner = { exception: null, platform: "native" }

  test("are told apart however alike they are", () => {
    const set = setOf("path:p +app", "function:f +app", "module:m +app")
    const frames = [
      { package: "p" },
      { package: "p", abs_path: "p" },
      { package: "p", raw_function: "f" },
      { package: "p", function: "g", raw_function: "f" },
      { package: "p", module: "m" },
      { package: "p", function: "g", module: "m" },
    ]
    const inApp = [false, true, true, false, true, true]
    for (const order of [frames, frames, frames.toReversed()]) {
      const expected = order === frames ? inApp : inApp.toReversed()
      expect(judgeStack(order, owner, [set])?.inApp).toEqual(expected)
    }
  })

  test("are judged alike, whoever fills the memory with names in between", () => {
    const set = setOf("function:mine +app")
    const isMine = () => judgeStack([{ function: "mine" }], owner, [set])?.inApp
    expect(isMine()).toEqual([true])
    for (const field of ["function", "module", "abs_path"]) {
      const frames = Array.from({ length: 6_000 }, (_, index) => ({ [field]: `x${index}` }))
      expect(judgeStack(frames, owner, [set])).toBeNull()
    }
    expect(isMine()).toEqual([true])
  })
})

describe("an event that is made for slow rules", () => {
  const fill = (rule: string) => `${rule}\n`.repeat(Math.floor(64_000 / rule.length))
  const long = (start: string) => `${start}${"a".repeat(240)}`
  const frames = Array.from({ length: 250 }, (_, index) => ({
    function: `${long("")}${index}`,
    abs_path: `${long("/")}${index}`,
  }))
  const exception = { type: "E", value: "a".repeat(8_000), stacktrace: { frames } }
  const hostile = given({ platform: "python", exception: { values: Array(20).fill(exception) } })
  const ordinary = given(thrown("python", [{ module: "m", function: "f" }]))

  test.each([
    ["paths", fill(`path:/${"*a".repeat(100)}[b] -app`), ""],
    ["choices", fill(`function:${"{*a?a[b],*a?a[c]}".repeat(6)} -app`), ""],
    ["ranges", fill(`app:no ${"^-app v+app ".repeat(300)}`), ""],
    ["messages", "", fill(`message:*${"[a]".repeat(300)}[b]* -> x`)],
  ])("is decided all the same, and others as ever: %s", (_of, stackTraceRules, slow) => {
    const fingerprintRules = `${slow}function:f -> mine\n!message:b -> not`
    const rules = compileProjectRules({ stackTraceRules, fingerprintRules })
    expect(effortOf(() => decide(hostile, tagsOf(hostile), rules))).toBeLessThan(4_000)
    const { event } = decide(hostile, tagsOf(hostile), rules)
    expect(event.fingerprint).toEqual(slow === "" ? ["not"] : undefined)
    expect(decide(ordinary, [], rules).event.fingerprint).toEqual(["mine"])
  })
})

test("hostile patterns take time in proportion to the text", () => {
  const set = setOf(`path:${"*a".repeat(200)}b -app`, `function:${"*a?[b]".repeat(100)} -app`)
  const frames = Array.from({ length: 250 }, (_, index) => ({
    abs_path: `/${"a".repeat(1000)}${index}`,
    function: `${"ab".repeat(500)}${index}`,
  }))
  const owner = { exception: null, platform: "other" }
  expect(effortOf(() => judgeStack(frames, owner, [set]))).toBeLessThan(2_000)
})
