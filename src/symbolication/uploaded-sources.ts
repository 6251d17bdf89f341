import type { Db } from "#platform/db.ts"
import { sliceOf } from "./find-files.ts"
import { urlCandidates } from "./javascript/urls.ts"
import { listWantedSources } from "./lookup-store.ts"
import type { Subject } from "./plan.ts"
import type { Mapper } from "./thread/mapper.ts"
import type { ContextRequest, MapAnswer } from "./thread/protocol.ts"

/** Frames of one batch whose source is looked for beside the map. */
const MAX_PLACES = 500

/** Fills in the lines around a place whose map does not bring its source, when the source was uploaded as a file of its own. */
export async function addUploadedSources(
  { db, mapper, withinMs }: { db: Db; mapper: Mapper; withinMs: number },
  answer: MapAnswer,
  subjects: readonly (readonly (Subject | null)[])[],
): Promise<void> {
  const bare = answer
    .flatMap((trace, t) =>
      trace.flatMap((result, f) => {
        const subject = subjects[t]?.[f]
        if (!subject || result?.kind !== "mapped" || result.frame.context) return []
        return [{ subject, frame: result.frame }]
      }),
    )
    .slice(0, MAX_PLACES)
  if (bare.length === 0) return
  const found = await listWantedSources(
    db,
    bare.map(({ subject: { key, upload }, frame }) => ({
      projectId: key.projectId,
      bundleId: upload.bundleId,
      release: key.release,
      dist: key.dist,
      urls: urlCandidates(frame.absPath),
    })),
  )
  const places: (ContextRequest["places"][number] & { n: number })[] = []
  for (const [n, { frame }] of bare.entries()) {
    const file = found.find((each) => each.n === n)?.file
    if (file) places.push({ n, source: sliceOf(file), line: frame.line, column: frame.column })
  }
  if (places.length === 0) return
  const contexts = await mapper.contexts(
    { places: places.map(({ n: _n, ...place }) => place) },
    withinMs,
  )
  for (const [index, { n }] of places.entries()) {
    const frame = bare[n]?.frame
    if (frame) frame.context = contexts?.[index] ?? null
  }
}
