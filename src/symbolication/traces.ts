import type { NormalizedEvent, Stacktrace } from "#normalize/event.ts"

/** A stack trace of an event, and where it stands. */
export type PlacedTrace = { path: string; trace: Stacktrace }

/** A trace as it came: of one that is mapped already, the raw one. */
const originalOf = (owner: { stacktrace?: Stacktrace; raw_stacktrace?: Stacktrace }) =>
  owner.raw_stacktrace ?? owner.stacktrace

/** All traces of an event in a fixed order. */
export function tracesOf(event: NormalizedEvent): PlacedTrace[] {
  const placed = (path: string, trace: Stacktrace | undefined) => (trace ? [{ path, trace }] : [])
  return [
    ...(event.exception?.values ?? []).flatMap((value, index) =>
      placed(`exception.values.${index}`, originalOf(value)),
    ),
    ...placed("stacktrace", originalOf(event)),
    ...(event.threads?.values ?? []).flatMap((value, index) =>
      placed(`threads.values.${index}`, originalOf(value)),
    ),
  ]
}

/** What became of a trace; without `raw` nothing was mapped. */
export type MappedTrace = { stacktrace: Stacktrace; raw: Stacktrace | null }

/** The event with other traces in place of its own, those of `tracesOf` in their order. */
export function withTraces(
  event: NormalizedEvent,
  mapped: readonly MappedTrace[],
): NormalizedEvent {
  const rest = [...mapped]
  const replaced = <T extends { stacktrace?: Stacktrace; raw_stacktrace?: Stacktrace }>(
    owner: T,
  ): T => {
    const next = originalOf(owner) ? rest.shift() : undefined
    if (!next) return owner
    const { raw_stacktrace: _before, ...bare } = owner
    return {
      ...bare,
      stacktrace: next.stacktrace,
      ...(next.raw && { raw_stacktrace: next.raw }),
    } as T
  }
  const exceptions = event.exception?.values.map(replaced)
  const own = replaced(event)
  const threads = event.threads?.values.map(replaced)
  return {
    ...own,
    ...(exceptions && { exception: { values: exceptions } }),
    ...(threads && { threads: { values: threads } }),
  }
}

/** The event with the frames that the client sent, in place of those that were found for them. */
export function asSent(event: NormalizedEvent): NormalizedEvent {
  return withTraces(
    event,
    tracesOf(event).map(({ trace }) => ({ stacktrace: trace, raw: null })),
  )
}

/** Whether source maps have changed any of its traces. */
export function isMapped({ exception, threads, raw_stacktrace }: NormalizedEvent): boolean {
  const owners = [...(exception?.values ?? []), ...(threads?.values ?? [])]
  return raw_stacktrace !== undefined || owners.some((owner) => owner.raw_stacktrace !== undefined)
}

/** How much source maps know of an event: frames that they found, and those with their source. */
export function countKnownFrames({ exception, stacktrace, threads }: NormalizedEvent): number {
  const owners = [...(exception?.values ?? []), { stacktrace }, ...(threads?.values ?? [])]
  const frames = owners.flatMap((owner) => owner.stacktrace?.frames ?? [])
  const mapped = frames.filter(({ data }) => data?.symbolicated === true)
  return mapped.length + mapped.filter(({ context_line: line }) => line !== undefined).length
}
