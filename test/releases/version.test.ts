import { expect, test } from "bun:test"
import { parseRelease, shortVersion } from "#releases/version.ts"

const zero = { minor: 0, patch: 0, revision: 0, prerelease: null, build: null }

test.each([
  ["app@1.0.0+5", "app", { ...zero, major: 1, build: "5" }],
  ["app@2.3", "app", { ...zero, major: 2, minor: 3 }],
  ["@scope-app@1.2.3.4", "@scope-app", { ...zero, major: 1, minor: 2, patch: 3, revision: 4 }],
  ["app@1.0.0-rc.1+b.2", "app", { ...zero, major: 1, prerelease: "rc.1", build: "b.2" }],
  ["app@1.0a1", "app", { ...zero, major: 1, prerelease: "a1" }],
  ["app@1a1", "app", null],
  ["app@one", "app", null],
  ["app@", "app", null],
  ["1.0.0", null, null],
  ["@1.0.0", null, null],
])("%s is taken apart", (name, packageName, version) => {
  const parsed = parseRelease(name)
  expect(parsed.package).toBe(packageName)
  expect(parsed.version).toEqual(version)
  expect(parsed.buildHash).toBeNull()
})

test.each([
  ["app@0123456789abcdef0123456789abcdef01234567", "0123456789ab"],
  ["0123456789ABCDEF0123456789abcdef01234567", "0123456789AB"],
  ["app@123456789012", "123456789012"],
  ["app@1.0.0+5", "1.0.0"],
  ["app@1.0.0-rc.1", "1.0.0-rc.1"],
  ["app@night build", "night build"],
  ["app@", "app@"],
  ["plain", "plain"],
])("%s is shown as %s", (name, short) => {
  expect(shortVersion(name)).toBe(short)
})

test("a hash is no version, even one of digits", () => {
  expect(parseRelease("app@123456789012")).toMatchObject({
    version: null,
    buildHash: "123456789012",
  })
})
