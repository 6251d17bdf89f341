import { expect, test } from "bun:test"
import { join } from "node:path"

/** What the log of another process writes when `code` runs with `log` and `error`. */
function written(format: "human" | "machine", code: string): string {
  const module = join(import.meta.dir, "../../src/platform/log.ts")
  const script = `
    const { createLog } = await import(${JSON.stringify(module)})
    const log = createLog({ level: "INFO", format: ${JSON.stringify(format)}, role: "test" })
    ${code}`
  return Bun.spawnSync([process.execPath, "-e", script]).stderr.toString()
}

const HOSTILE =
  'new Error("bad\\n12:00:00.000 INFO web: forged\\u001b[2J\\u009b2J", { cause: new Error("x\\nforged") })'

test("text of strangers neither forges a line nor drives a terminal", () => {
  const text = written(
    "human",
    `log.error({ err: ${HOSTILE}, path: "/a\\n\\u001b[2J\\u009bb" }, "failed")`,
  )
  const lines = text.trimEnd().split("\n")
  expect(lines[0]).toContain("failed")
  expect(lines.slice(1).filter((line) => !/^ {4}at |^caused by: /.test(line))).toEqual([])
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
})

test("of an error only kind, message, stack and code are logged: PostgreSQL's carry rows", () => {
  const error =
    'Object.assign(new Error("refused"), { code: "23514", detail: "Failing row contains (hunter2)" })'
  for (const format of ["human", "machine"] as const) {
    const text = written(format, `log.error({ err: ${error} }, "failed")`)
    expect(text).toContain("refused")
    expect(text).not.toContain("hunter2")
  }
  expect(JSON.parse(written("machine", `log.error({ err: ${error} }, "failed")`))).toMatchObject({
    err: { type: "Error", message: "refused", code: "23514" },
  })
})
