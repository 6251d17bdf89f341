import { expect, test } from "bun:test"
import {
  canonicalDebugId,
  debugIdIn,
  embeddedMapIn,
  mapReferenceIn,
} from "#symbolication/javascript/references.ts"

const id = "0f0e0d0c-0b0a-4908-8706-050403020100"

test("the last comment names the map, without query and fragment", () => {
  const body = "//# sourceMappingURL=first.map\ncode()\n//# sourceMappingURL=last.map?x#y rest\n"
  expect(mapReferenceIn(Buffer.from(body))).toEqual({ url: "last.map" })
  expect(mapReferenceIn(Buffer.from("code()\n//@ sourceMappingURL=old.map"))).toEqual({
    url: "old.map",
  })
  expect(mapReferenceIn(Buffer.from("//#sourceMappingURL=no.map"))).toBeNull()
})

test("a map in the file itself is found and read, base64 or not", () => {
  const base64 = Buffer.from('{"version":3}').toString("base64")
  const body = Buffer.from(`code()\n//# sourceMappingURL=data:application/json;base64,${base64}\n`)
  expect(mapReferenceIn(body)).toBe("embedded")
  expect(embeddedMapIn(body)?.toString()).toBe('{"version":3}')
  const plain = Buffer.from("//# sourceMappingURL=data:application/json,%7B%22version%22%3A3%7D")
  expect(embeddedMapIn(plain)?.toString()).toBe('{"version":3}')
  expect(embeddedMapIn(Buffer.from("//# sourceMappingURL=data:application/json,%"))).toBeNull()
})

test("the last debug id counts; the old form of comments has none", () => {
  expect(
    debugIdIn(Buffer.from(`//# debugId=00000000-0000-0000-0000-000000000000\n//# debugId=${id}\n`)),
  ).toBe(id)
  expect(debugIdIn(Buffer.from(`//@ debugId=${id}`))).toBeNull()
  expect(canonicalDebugId(id.toUpperCase().replaceAll("-", ""))).toBe(id)
  expect(canonicalDebugId("not one")).toBeNull()
})
