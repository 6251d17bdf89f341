import { expect, test } from "bun:test"
import { readReleaseSearch } from "#releases/search.ts"
import { versionOrder } from "#releases/version.ts"

const NAMES = ["a@1.1.9", "a@1.2.0-rc.1", "a@1.2.0", "a@1.2.0+5", "b@1.2.3", "a@1.12.0", "a@2.0.0"]

/** Which of the names lie between the bounds of a `release.version:`. */
function versions(value: string): string[] {
  const search = readReleaseSearch(`release.version:${value}`)
  const [term] = search.ok ? search.terms : []
  if (term?.kind !== "between") throw new Error("no bounds")
  return NAMES.filter((name) => {
    const order = Buffer.from(versionOrder(name) ?? "")
    return order.compare(Buffer.from(term.from)) >= 0 && order.compare(Buffer.from(term.before)) < 0
  })
}

test("versions are compared as versions", () => {
  expect(versions("1.2")).toEqual(["a@1.2.0", "a@1.2.0+5"])
  expect(versions("1.2.0+5")).toEqual(["a@1.2.0+5"])
  expect(versions("1.2.0-rc.1")).toEqual(["a@1.2.0-rc.1"])
  expect(versions(">1.2.0")).toEqual(["b@1.2.3", "a@1.12.0", "a@2.0.0"])
  expect(versions(">=1.2.0")).toEqual(["a@1.2.0", "a@1.2.0+5", "b@1.2.3", "a@1.12.0", "a@2.0.0"])
  expect(versions("<1.2.0")).toEqual(["a@1.1.9", "a@1.2.0-rc.1"])
  expect(versions("<=1.2.0")).toEqual(["a@1.1.9", "a@1.2.0-rc.1", "a@1.2.0", "a@1.2.0+5"])
  expect(versions("1.2.*")).toEqual(["a@1.2.0-rc.1", "a@1.2.0", "a@1.2.0+5", "b@1.2.3"])
  expect(versions("1.*")).toEqual(NAMES.slice(0, -1))
})

test("what has no key is a part of the name, and keys stand beside it", () => {
  expect(readReleaseSearch("  rc release.package:sh_op  ")).toEqual({
    ok: true,
    terms: [
      { kind: "like", pattern: "sh\\_op@%" },
      { kind: "part", text: "rc" },
    ],
  })
  expect(readReleaseSearch('release:"a b@1*"')).toEqual({
    ok: true,
    terms: [{ kind: "like", pattern: "a b@1%" }],
  })
  expect(readReleaseSearch("release.build:77")).toEqual({
    ok: true,
    terms: [{ kind: "like", pattern: "%@%+77" }],
  })
  expect(readReleaseSearch("*")).toEqual({ ok: true, terms: [] })
})

test("a query that makes no sense, or too much of it, says why", () => {
  const many = `release:${"*a".repeat(9)}`
  for (const query of [
    many,
    "release.version:abc",
    "release.version:>=",
    "release:",
    "release.stage:x",
  ]) {
    expect(readReleaseSearch(query)).toEqual({ ok: false, message: expect.any(String) })
  }
  expect(readReleaseSearch(`release:${"*a".repeat(8)}`).ok).toBe(true)
})
