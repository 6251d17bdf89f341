import { expect, test } from "bun:test"
import { referencedIssues } from "#issues/resolving/commit-message.ts"
import { effortOf } from "../../support/effort.ts"

const PREFIX = "https://sentry.example"

test.each([
  ["Fixes PROJ-1AB, PROJ-2", ["PROJ-1AB", "PROJ-2"]],
  ["fix: proj-1ab and my_app-3", ["PROJ-1AB", "MY_APP-3"]],
  ["Tidy up\n\nResolved: BACKEND-2S\nCloses FRONT-END-7", ["BACKEND-2S", "FRONT-END-7"]],
  ["Fixes [PROJ-4](https://elsewhere.example/x)", ["PROJ-4"]],
  ["closes https://sentry.example/organizations/acme/issues/4711/?a=b", ["4711"]],
  ["closes https://sentry.example/organizations/acme/issues/PROJ-5", ["PROJ-5"]],
  ["closes https://other.example/organizations/acme/issues/4711/", []],
  ["Refs PROJ-1", []],
  ["prefixes PROJ-1", []],
  ["Fixes 4711", []],
])("%p", (message, expected) => {
  const found = referencedIssues(message, PREFIX)
  expect(expected.filter((each) => !found.includes(each))).toEqual([])
  expect(found.filter((each) => /\d/.test(each))).toEqual(expected)
})

test("hostile messages cost no more than their length", () => {
  const messages = ["fix ", "fix:  \t", "[a](b ", "fixes a-b,", "closes https://"]
  for (const part of messages) {
    const text = part.repeat(200_000 / part.length)
    expect(effortOf(() => referencedIssues(text, PREFIX))).toBeLessThan(100)
  }
})
