import type { App } from "#app.ts"
import { decodePayload } from "#events/payload-codec.ts"
import { listReleaseSample } from "#events/release-sample-store.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { missingMaps } from "#symbolication/missing-maps.ts"

/** What a look at some of a release's newest events found missing. */
export type MissingMaps = {
  /** Events looked at, and those of them that missed something. */
  looked: number
  events: number
  /** Files that most of them missed come first. */
  files: string[]
  example: { issueId: string; eventId: string } | null
}

export async function sampleMaps(
  { sql }: Pick<App, "sql">,
  scope: { projectIds: readonly string[]; releaseId: string },
): Promise<MissingMaps> {
  const sample = await listReleaseSample(sql, scope)
  const counts = new Map<string, number>()
  let events = 0
  let example: MissingMaps["example"] = null
  for (const { payload, issueId, eventId } of sample) {
    // Only normalized events are ever stored.
    const missing = missingMaps(decodePayload(payload) as NormalizedEvent)
    if (missing.length === 0) continue
    events++
    example ??= { issueId, eventId }
    for (const name of missing) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const files = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name)
  return { looked: sample.length, events, files, example }
}
