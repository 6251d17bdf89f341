import { describe, expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Layer, resolveOptions } from "#platform/options/layers.ts"
import { maskedValue } from "#platform/options/mask.ts"
import { nearestName } from "#platform/options/nearest.ts"
import { choice, flag, list, map, secret, stored, text, whole } from "#platform/options/option.ts"
import { sealedOption } from "#platform/options/sealed.ts"
import { applyStoredOptions } from "#platform/options/stored.ts"
import { parseYamlLayer } from "#platform/options/yaml-file.ts"

const table = {
  "mail.host": stored(text("localhost", "Server.")),
  "mail.port": stored(whole(25, [1, 65535], "Port.")),
  "mail.use-tls": flag(false, "TLS."),
  "mail.backend": choice(["smtp", "dummy"], "smtp", "How."),
  "mail.password": secret(text("", "Password.")),
  "files.options": secret(map({}, "Options.")),
  "web.proxies": list([], "Proxies."),
}

const layer = (at: string, values: Record<string, unknown>): Layer =>
  new Map(Object.entries(values).map(([key, value]) => [key, { value, at }]))

test("a later layer wins, and each value remembers where it came from", () => {
  const resolved = resolveOptions(
    table,
    [layer("file", { "mail.host": "a", "mail.port": 1 }), layer("$X", { "mail.host": "b" })],
    {},
  )
  expect(resolved.values["mail.host"]).toBe("b")
  expect(resolved.values["mail.port"]).toBe(1)
  expect(resolved.values["mail.backend"]).toBe("smtp")
  expect([...resolved.sources]).toEqual([
    ["mail.host", "$X"],
    ["mail.port", "file"],
  ])
})

test("an unknown option is a warning with the nearest name, and nothing more", () => {
  const { warnings } = resolveOptions(table, [layer("c.yml:3", { "mail.hots": "x", zzz: 1 })], {})
  expect(warnings).toEqual([
    "c.yml:3: Unknown config option found: 'mail.hots'; did you mean 'mail.host'?",
    "c.yml:3: Unknown config option found: 'zzz'",
  ])
})

test("options named like parts of every object are unknown too", () => {
  const { warnings } = resolveOptions(table, [layer("c.yml:1", { constructor: "x" })], {})
  expect(warnings).toHaveLength(1)
})

test("every value of a wrong type is told, with its place, and no secret among them", () => {
  const wrong = layer("c.yml:7", {
    "mail.port": 70_000,
    "mail.use-tls": "perhaps",
    "mail.backend": "pigeon",
    "mail.password": 12345,
    "web.proxies": "10.0.0.1",
  })
  expect(() => resolveOptions(table, [wrong], {})).toThrow(
    [
      "c.yml:7: mail.port must be at most 65535, not 70000",
      'c.yml:7: mail.use-tls must be true or false, not "perhaps"',
      'c.yml:7: mail.backend must be smtp or dummy, not "pigeon"',
      "c.yml:7: mail.password must be text",
      'c.yml:7: web.proxies must be list, not "10.0.0.1"',
    ].join("\n"),
  )
})

test("yes and on of old files mean true", () => {
  const { values } = resolveOptions(table, [layer("c", { "mail.use-tls": "yes" })], {})
  expect(values["mail.use-tls"]).toBe(true)
})

test("a secret may stand in a file, a variable or a systemd credential", () => {
  const folder = mkdtempSync(join(tmpdir(), "sl-secret-"))
  writeFileSync(join(folder, "password"), "from file\n")
  const environment = { MAIL: "from variable", CREDENTIALS_DIRECTORY: folder }
  const passwordOf = (value: string) =>
    resolveOptions(table, [layer("c", { "mail.password": value })], environment).values[
      "mail.password"
    ]
  expect(passwordOf(`file:${folder}/password`)).toBe("from file")
  expect(passwordOf("env:MAIL")).toBe("from variable")
  expect(passwordOf("cred:password")).toBe("from file")
  expect(() => passwordOf("env:NOBODY")).toThrow(
    "c: mail.password cannot be read: $NOBODY is not set",
  )
  expect(() => passwordOf("file:/does/not/exist")).toThrow("cannot be read")
  rmSync(folder, { recursive: true })
})

test("what is not secret is taken literally", () => {
  const { values } = resolveOptions(table, [layer("c", { "mail.host": "env:HOME" })], {})
  expect(values["mail.host"]).toBe("env:HOME")
})

test("YAML values know their line; the last of two counts", () => {
  const parsed = parseYamlLayer(
    "# c\nmail.host: a\n\nmail.port: 1\nmail.host: b\nl:\n  - 1\n",
    "c.yml",
  )
  expect(parsed.get("mail.host")).toEqual({ value: "b", at: "c.yml:5" })
  expect(parsed.get("mail.port")).toEqual({ value: 1, at: "c.yml:4" })
})

test.each([
  ["a: 1\nb: [1,\n", "c.yml:2: this is not YAML"],
  ["- a\n", "c.yml:1: expected lines"],
])("a broken file is refused with the line: %j", (text, message) => {
  expect(() => parseYamlLayer(text, "c.yml")).toThrow(message)
})

test("an empty file sets nothing", () => {
  expect(parseYamlLayer("# nothing\n", "c.yml").size).toBe(0)
})

test("the nearest name is offered only when it is near", () => {
  expect(nearestName("mail.prot", Object.keys(table))).toBe("mail.port")
  expect(nearestName("something.else.entirely", Object.keys(table))).toBeNull()
})

test("secrets are masked, the rest of an address or a map is not", () => {
  expect(maskedValue(table["mail.password"], "x")).toBe("********")
  expect(maskedValue(table["mail.password"], "")).toBe("")
  expect(maskedValue(table["mail.password"], "postgres://u:p@h/d")).toBe(
    "postgres://u:********@h/d",
  )
  expect(maskedValue(table["files.options"], { bucket: "b", secret_key: "s" })).toEqual({
    bucket: "b",
    secret_key: "********",
  })
})

const KEY = "k".repeat(32)

test("options of the database lie under everything else and can go away again", () => {
  const resolved = resolveOptions(table, [layer("c.yml:1", { "mail.port": 1 })], {})
  const rows = [
    { key: "mail.host", value: "db" },
    { key: "mail.port", value: 2 },
    { key: "mail.backend", value: "dummy" },
  ]
  expect(applyStoredOptions(table, resolved, rows, KEY)).toEqual([])
  expect(resolved.values["mail.host"]).toBe("db")
  expect(resolved.values["mail.port"]).toBe(1)
  // Not an option that the database may hold.
  expect(resolved.values["mail.backend"]).toBe("smtp")
  expect(resolved.sources.get("mail.host")).toBe("database")
  applyStoredOptions(table, resolved, [], KEY)
  expect(resolved.values["mail.host"]).toBe("localhost")
  expect(resolved.sources.has("mail.host")).toBe(false)
})

test("a row of the database that does not fit is ignored, and said", () => {
  const resolved = resolveOptions(table, [], {})
  const ignored = applyStoredOptions(table, resolved, [{ key: "mail.port", value: "many" }], KEY)
  expect(ignored).toEqual(['database: mail.port must be whole number, not "many"'])
  expect(resolved.values["mail.port"]).toBe(25)
})

describe("secrets in the database", () => {
  const password = { ...table["mail.password"], stored: true }
  const apply = (value: unknown, key: string) => {
    const resolved = resolveOptions({ "mail.password": password }, [], {})
    const rows = [{ key: "mail.password", value }]
    const ignored = applyStoredOptions({ "mail.password": password }, resolved, rows, key)
    return { ignored, value: resolved.values["mail.password"] }
  }

  test("are sealed, and opened by the same secret key only", () => {
    const sealed = sealedOption(password, "hunter2", KEY)
    expect(JSON.stringify(sealed)).not.toContain("hunter2")
    expect(apply(sealed, KEY)).toEqual({ ignored: [], value: "hunter2" })
    expect(apply(sealed, "another key")).toEqual({
      ignored: ["database: mail.password was sealed with another system.secret-key: set it again"],
      value: "",
    })
  })

  test("of older versions are read as they are", () => {
    expect(apply("plain", KEY).value).toBe("plain")
  })

  test("are not kept without a secret key", () => {
    expect(() => sealedOption(password, "hunter2", "")).toThrow("system.secret-key")
    expect(sealedOption(password, "", "")).toBe("")
  })

  test("that look like references read no file", () => {
    expect(apply(sealedOption(password, "file:/etc/passwd", KEY), KEY).value).toBe(
      "file:/etc/passwd",
    )
  })
})
