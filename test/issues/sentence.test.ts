import { expect, test } from "bun:test"
import { activitySentence } from "#issues/activity/sentence.ts"

const told = (userName: string | null, data: Record<string, unknown>) =>
  activitySentence({ type: "set_resolved_in_commit", data, userName, userEmail: null })

test("a commit of nobody who is known resolves by itself, and names its release where that has one", () => {
  const commit = "f12856f0a1"
  expect(told(null, { commit, version: "shop@1.1.0" })).toBe(
    "Resolved by commit f12856f, in shop@1.1.0.",
  )
  expect(told(null, { commit })).toBe("Resolved by commit f12856f.")
  expect(told("Ann", { commit })).toBe("Ann resolved this in commit f12856f.")
})
