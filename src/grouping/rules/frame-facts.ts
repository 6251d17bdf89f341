import type { Effort } from "#platform/glob/effort.ts"
import type { GroupingFrame } from "../event.ts"
import { functionNameOf } from "../frame.ts"
import { familyOf } from "../platform.ts"
import type { FrameKey } from "./frame-keys.ts"
import { listTest, type Matcher, textTest } from "./matcher.ts"

/** Longer texts are no names. */
const MAX_CHARACTERS = 1_024

/** What rules compare of a frame. */
export type FrameFacts = Record<FrameKey, string | undefined>

export function factsOf(frame: GroupingFrame, eventPlatform: string): FrameFacts {
  return {
    family: familyOf(frame.platform || eventPlatform),
    function: head(functionNameOf(frame, eventPlatform)) ?? "<unknown>",
    module: head(frame.module),
    path: head(frame.abs_path || frame.filename),
    package: head(frame.package),
  }
}

function head(text: string | undefined): string | undefined {
  if (!text) return undefined
  return text.length > MAX_CHARACTERS ? text.slice(0, MAX_CHARACTERS) : text
}

export type FactsTest = (facts: FrameFacts) => boolean

export function factsTest(
  { key, pattern, isNegated }: Matcher<FrameKey>,
  effort: Effort,
): FactsTest {
  const kind = key === "path" || key === "package" ? "path" : "text"
  const fits = key === "family" ? listTest(pattern) : textTest(pattern, { kind, effort })
  return isNegated ? (facts) => !fits(facts[key]) : (facts) => fits(facts[key])
}
