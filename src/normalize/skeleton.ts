import type { Exception, Frame, NormalizedEvent, Stacktrace, Thread, Values } from "./event.ts"

/**
 * What an event of a noisy issue is kept with: everything that names it (hashes, title, tags, user come out the same), nothing that
 * only helps to understand it: what happened before, variables, lines around, bodies, notes.
 */
export function skeletonOf(event: NormalizedEvent): NormalizedEvent {
  const { breadcrumbs: _, extra: _e, modules: _m, _meta, errors: _err, ...named } = event
  const { request, exception, stacktrace, raw_stacktrace, threads } = event
  const { url, method } = request ?? {}
  return {
    ...named,
    ...(request && { request: { ...(url && { url }), ...(method && { method }) } }),
    ...(exception && { exception: valuesOf(exception, bare) }),
    ...(threads && { threads: valuesOf(threads, bare) }),
    ...(stacktrace && { stacktrace: bareTrace(stacktrace) }),
    ...(raw_stacktrace && { raw_stacktrace: bareTrace(raw_stacktrace) }),
    _is_skeleton: true,
  }
}

function valuesOf<T>({ values }: Values<T>, each: (value: T) => T): Values<T> {
  return { values: values.map(each) }
}

function bare<T extends Exception | Thread>(value: T): T {
  const { stacktrace, raw_stacktrace } = value
  return {
    ...value,
    ...(stacktrace && { stacktrace: bareTrace(stacktrace) }),
    ...(raw_stacktrace && { raw_stacktrace: bareTrace(raw_stacktrace) }),
  }
}

function bareTrace({ frames, registers: _, ...trace }: Stacktrace): Stacktrace {
  return { ...trace, frames: frames.map(bareFrame) }
}

function bareFrame({ vars: _, pre_context: _pre, post_context: _post, ...frame }: Frame): Frame {
  return frame
}
