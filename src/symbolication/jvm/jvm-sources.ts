import type { Frame, NormalizedEvent } from "#normalize/event.ts"
import { contextFields } from "../apply.ts"
import { listWantedJvmSources } from "../debug-files/store.ts"
import { sliceOf } from "../find-files.ts"
import type { Context } from "../javascript/context-lines.ts"
import type { MappedEvent, Tools } from "../symbolicate.ts"

/** Frames of one batch whose source is looked for. */
const MAX_PLACES = 2_000
const FILE_NAME = /^([\w$-]{1,200})\.\w{1,10}$/

type Place = { url: string; line: number; bundleIds: readonly string[] }

/** Adds the lines around each frame of the events that have source bundles, which `bundles` holds in their order. */
export async function addJvmSources(
  { db, mapper, withinMs }: Tools,
  events: readonly MappedEvent[],
  bundles: readonly (readonly string[])[],
): Promise<MappedEvent[]> {
  const places: Place[] = []
  for (const [index, { event }] of events.entries()) {
    const bundleIds = bundles[index] ?? []
    if (bundleIds.length > 0) places.push(...placesIn(event, bundleIds))
  }
  const wanted = places.slice(0, MAX_PLACES)
  if (wanted.length === 0) return [...events]
  const found = await listWantedJvmSources(db, wanted)
  const sources = new Map(found.toReversed().map(({ n, ...file }) => [n, sliceOf(file)]))
  const asked = wanted.flatMap((place, n) => {
    const source = sources.get(n)
    return source ? [{ n, source, line: place.line, column: 1 }] : []
  })
  if (asked.length === 0) return [...events]
  const request = { places: asked.map(({ n: _n, ...place }) => place) }
  const contexts = (await mapper.contexts(request, withinMs)) ?? []
  const known = new Map(
    asked.map(({ n }, index) => [keyOf(wanted[n]), contexts[index] ?? null] as const),
  )
  return events.map((each, index) => {
    const bundleIds = bundles[index] ?? []
    if (bundleIds.length === 0) return each
    return { ...each, event: withContexts(each.event, bundleIds, known) }
  })
}

const keyOf = (place: Place | undefined) =>
  place ? `${place.bundleIds.join()} ${place.url} ${place.line}` : ""

function placesIn(event: NormalizedEvent, bundleIds: readonly string[]): Place[] {
  const owners = [...(event.exception?.values ?? []), event, ...(event.threads?.values ?? [])]
  const frames = owners.flatMap(({ stacktrace }) => stacktrace?.frames ?? [])
  return frames.flatMap((frame) => placeOf(frame, event.platform, bundleIds) ?? [])
}

function placeOf(frame: Frame, platform: string, bundleIds: readonly string[]): Place | null {
  const { module, lineno: line, context_line: known } = frame
  if ((frame.platform ?? platform) !== "java" || !module || !line || known !== undefined)
    return null
  return { url: sourceUrl(module, frame.abs_path), line, bundleIds }
}

/** Where uploaders put a source: the package as folders, the file under an ending that stands for all languages. */
function sourceUrl(module: string, absPath: string | undefined): string {
  const file = FILE_NAME.exec(absPath ?? "")?.[1]
  const dot = module.lastIndexOf(".")
  const folder = dot === -1 ? "" : `${module.slice(0, dot)}.`
  const name = file ? `${folder}${file}` : (module.split("$", 1)[0] ?? module)
  return `~/${name.replaceAll(".", "/")}.jvm`
}

function withContexts(
  event: NormalizedEvent,
  bundleIds: readonly string[],
  known: ReadonlyMap<string, Context | null>,
): NormalizedEvent {
  const filled = <T extends { stacktrace?: NormalizedEvent["stacktrace"] }>(owner: T): T => {
    const { stacktrace } = owner
    if (!stacktrace) return owner
    const frames = stacktrace.frames.map((frame) => {
      const place = placeOf(frame, event.platform, bundleIds)
      const context = place && known.get(keyOf(place))
      return context ? { ...frame, ...contextFields(context) } : frame
    })
    return { ...owner, stacktrace: { ...stacktrace, frames } }
  }
  return {
    ...filled(event),
    ...(event.exception && { exception: { values: event.exception.values.map(filled) } }),
    ...(event.threads && { threads: { values: event.threads.values.map(filled) } }),
  }
}
