import { expect, test } from "bun:test"
import { withFirstSeen } from "#web/ui/issues/detail/activity/first-seen.ts"
import { dayBuckets, hourBuckets } from "#web/ui/issues/detail/event/facts.tsx"
import { impactSentence, usersText } from "#web/ui/issues/detail/impact.ts"

const now = new Date("2026-11-24T12:30:00Z")
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)

test("the impact is told from stored numbers alone", () => {
  const issue = { timesSeen: "1302", usersSeen: 1, firstSeen: ago(72), firstRelease: "2.1" }
  const sentence = (more: object, eventsLastDay: number | null = 40) =>
    impactSentence({ ...issue, ...more }, { eventsLastDay, now, zone: "UTC" })
  expect(sentence({})).toBe("Started 3d ago in 2.1: 1,302 events, 40 in 24 hours, 1 user affected.")
  expect(sentence({ usersSeen: 0, firstRelease: null }, null)).toBe("Started 3d ago: 1,302 events.")
  expect(sentence({ firstSeen: ago(1), timesSeen: "1" })).toBe(
    "Started 1h ago in 2.1: 1 event, 1 user affected.",
  )
  expect(usersText(10_000)).toBe("10,000+ users")
})

test("hours become days of the reader's zone, beginning at its midnight", () => {
  const hours = [
    { hour: new Date("2026-11-23T22:00:00Z"), events: 2 },
    { hour: new Date("2026-11-23T23:00:00Z"), events: 3 },
    { hour: new Date("2026-11-24T12:00:00Z"), events: 4 },
  ]
  const berlin = dayBuckets(hours, now, "Europe/Berlin").slice(-2)
  expect(berlin.map(({ events }) => events)).toEqual([2, 7])
  expect(berlin.map(({ from }) => from.toISOString())).toEqual([
    "2026-11-22T23:00:00.000Z",
    "2026-11-23T23:00:00.000Z",
  ])
  const last = hourBuckets(hours, now)
  expect([last.length, last[0]?.from.toISOString(), last.at(-1)?.events]).toEqual([
    24,
    "2026-11-23T13:00:00.000Z",
    4,
  ])
})

test("the first event stands at the end of the history, where that is reached", () => {
  const issue = { id: "7", firstSeen: ago(5), firstRelease: null }
  expect(withFirstSeen([], issue, 5).map(({ type }) => type)).toEqual(["first_seen"])
  const full = Array.from({ length: 5 }, () => ({
    ...withFirstSeen([], issue, 5)[0]!,
    type: "note",
  }))
  expect(withFirstSeen(full, issue, 5)).toHaveLength(5)
})
