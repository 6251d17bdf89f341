import { expect, test } from "bun:test"
import type { ArchiveRule, Substatus } from "#issues/issue.ts"
import { archivedUntil } from "#issues/status/archive-words.ts"

const words = (rule: ArchiveRule, substatus: Substatus = "archived_until_condition_met") =>
  archivedUntil({ substatus, rule }, (iso) => iso.slice(0, 10), { events: 37, users: 1200 })

test("a rule is told with what it still waits for and how much of it came already", () => {
  expect(words({ untilEvents: 100, windowMinutes: 60 })).toBe(
    "until 100 more events in 1 hour (37 so far)",
  )
  expect(words({ untilEvents: 1 })).toBe("until 1 more event (37 so far)")
  expect(words({ untilUsers: 5000, userWindowMinutes: 90 })).toBe(
    "until 5,000 more users in 90 minutes (1,200 so far)",
  )
  expect(words({ until: "2026-12-01T00:00:00Z", untilEvents: 2, windowMinutes: 20_160 })).toBe(
    "until 2026-12-01 or 2 more events in 2 weeks (37 so far)",
  )
})

test("without a condition it is until it escalates, or for good", () => {
  expect(words({}, "archived_until_escalating")).toBe("until it escalates")
  expect(words({}, "archived_forever")).toBe("for good")
})
