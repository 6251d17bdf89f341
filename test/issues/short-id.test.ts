import { expect, test } from "bun:test"
import { formatShortId, parseShortId } from "#issues/short-id.ts"

test("numbers become base 32 without I, L, O and U", () => {
  const numbers = ["1", "10", "31", "32", "43", "100", "1024", "1355"]
  expect(numbers.map((number) => formatShortId("web", number))).toEqual([
    "WEB-1",
    "WEB-A",
    "WEB-Z",
    "WEB-10",
    "WEB-1B",
    "WEB-34",
    "WEB-100",
    "WEB-1AB",
  ])
})

test("a short id is read in any case, with look-alike letters and any separator", () => {
  expect(parseShortId("web-lab")).toEqual({ projectSlug: "web", number: "1355" })
  expect(parseShortId("issue:My-App_1O")).toEqual({ projectSlug: "my-app", number: "32" })
  expect(parseShortId("my_app 3")).toEqual({ projectSlug: "my_app", number: "3" })
})

test("what cannot be a short id is none", () => {
  for (const text of ["", "web", "web-", "web-U", "-1", "web-zzzzzzzzzzzzzzzzzz", "wéb-1"]) {
    expect(parseShortId(text)).toBeNull()
  }
})
