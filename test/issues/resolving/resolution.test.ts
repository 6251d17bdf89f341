import { expect, test } from "bun:test"
import { holdsFor, type Resolution } from "#issues/resolving/resolution.ts"
import type { KnownRelease } from "#releases/order.ts"
import { versionOrder } from "#releases/version.ts"

/** `a@1.0 5`: the release a@1.0 of day 5. */
function release(text: string): KnownRelease {
  const [version = "", day = "1"] = text.split(" ")
  const cameAt = new Date(Date.UTC(2026, 0, Number(day)))
  return { id: version, version, versionOrder: versionOrder(version), cameAt }
}

function resolved(
  type: Resolution["type"],
  given: { in?: string; seen?: string; future?: string },
) {
  return {
    type,
    release: given.in ? release(given.in) : null,
    seenIn: given.seen ? release(given.seen) : null,
    future: given.future ? release(given.future) : null,
  }
}

type Case = [name: string, resolution: Resolution, counts: "versions" | "dates", events: string]

/** Events of the third column: with "-" the resolution holds, with "!" it does not. */
const cases: Case[] = [
  ["at once", resolved(null, {}), "versions", "!none !a@1.0"],
  [
    "in a version",
    resolved("in_release", { in: "a@1.2.0" }),
    "versions",
    "!a@1.2.0 -a@1.1.0 -a@1.2.0-rc.1 !a@1.3 -none",
  ],
  ["in a version, by number", resolved("in_release", { in: "a@1.9.0" }), "versions", "!a@1.10.0"],
  [
    "an older version that came later",
    resolved("in_release", { in: "a@2.0.0 1" }),
    "versions",
    "-a@1.9.9_9",
  ],
  [
    "the same version of another name",
    resolved("in_release", { in: "a@1.2" }),
    "versions",
    "!b@1.2.0",
  ],
  [
    "in a dated release",
    resolved("in_release", { in: "abc 5" }),
    "dates",
    "!def_9 -def_5 -def_4 !abc_5",
  ],
  [
    "versions, but the event's is none",
    resolved("in_release", { in: "a@1.2.0 5" }),
    "versions",
    "-abc_4 !abc_9",
  ],
  [
    "in the next release, by date",
    resolved("in_next_release", { in: "b 5", seen: "b 5" }),
    "dates",
    "-b_5 -a_4 !c_6 -none",
  ],
  [
    "in the next release, of which nothing is known",
    resolved("in_next_release", {}),
    "dates",
    "!a -none",
  ],
  [
    "in the upcoming release",
    resolved("in_next_release", { in: "b 5" }),
    "dates",
    "-b_5 -a_4 !c_6",
  ],
  [
    "after a version, the newest",
    resolved("after_release", { in: "a@1.4.0", seen: "a@1.4.0" }),
    "versions",
    "-a@1.4.0 !a@1.4.1 -a@1.3",
  ],
  [
    "after a version, a newer one is known",
    resolved("after_release", { in: "a@1.5.0", seen: "a@1.4.0" }),
    "versions",
    "-a@1.4.1 !a@1.5.0 -a@1.4.0",
  ],
  [
    "after a version, the event's is none",
    resolved("after_release", { in: "a@1.5.0 5", seen: "a@1.4.0 3" }),
    "versions",
    "-abc_2 !abc_4",
  ],
  [
    "in a version to come",
    resolved("in_future_release", { future: "a@2.0" }),
    "versions",
    "-a@1.9_9 !a@2.0 !a@2.1 -none -abc_9",
  ],
  ["in a name to come", resolved("in_future_release", { future: "xyz" }), "dates", "-abc_9 !xyz_9"],
  [
    "in a commit of which no release is known",
    resolved("in_commit", {}),
    "versions",
    "!a@1.0 !none",
  ],
]

test.each(cases)("resolved %s", (_name, resolution, counts, events) => {
  const judged = events.split(" ").map((event) => {
    const seen = event.slice(1) === "none" ? null : release(event.slice(1).replace("_", " "))
    return `${holdsFor(resolution, seen, counts === "versions") ? "-" : "!"}${event.slice(1)}`
  })
  expect(judged.join(" ")).toBe(events)
})
