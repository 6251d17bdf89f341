import { expect, test } from "bun:test"
import type { NormalizedEvent } from "#normalize/event.ts"
import { missingMaps } from "#symbolication/missing-maps.ts"

const namesIn = (errors: object[]) => missingMaps({ errors } as NormalizedEvent)

test("files that were not there are told by their last names, each once", () => {
  expect(
    namesIn([
      { type: "js_no_source", data: { url: "https://shop.test/static/app.js?v=1#x" } },
      { type: "js_no_source", data: { url: "~/static/app.js" } },
      { type: "js_no_source", data: { url: "https://shop.test/" } },
      { type: "js_no_source", data: { url: 7 } },
      { type: "js_invalid_source", data: { url: "https://shop.test/other.js" } },
    ]),
  ).toEqual(["app.js", "https://shop.test/"])
  expect(missingMaps({} as NormalizedEvent)).toEqual([])
})
