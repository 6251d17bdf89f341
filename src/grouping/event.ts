/**
 * What grouping reads of an event, and no more: a normalized event is one of these. Grouping knows nothing of how
 * events are made, so that rules can be tried on a few lines of JSON.
 */
export type GroupingEvent = {
  platform?: string
  level?: string
  logger?: string
  culprit?: string
  transaction?: string
  checksum?: string
  fingerprint?: readonly string[]
  /** What a rule calls it. */
  title?: string
  release?: string
  sdk?: { name?: string }
  /** Why `fingerprint` is not the client's. */
  _fingerprint_info?: FingerprintInfo
  tags?: readonly (readonly [key: string, value: string])[]
  logentry?: { message?: string; formatted?: string }
  exception?: { values: readonly GroupingException[] }
  threads?: { values: readonly GroupingThread[] }
  stacktrace?: GroupingStacktrace
  template?: { filename?: string; context_line?: string }
  request?: { url?: string }
  csp?: Report
  hpkp?: Report
  expectct?: Report
  expectstaple?: Report
}

/** A fingerprint rule that fitted, and what the client had sent in its place. */
type FingerprintInfo = {
  client_fingerprint?: readonly string[]
  matched_rule: { text: string; is_builtin: boolean }
}

export type Report = Record<string, unknown>

export type GroupingException = {
  type?: string
  value?: string
  module?: string
  mechanism?: GroupingMechanism
  stacktrace?: GroupingStacktrace
  /** As it came, when symbols or source maps have changed the other. */
  raw_stacktrace?: GroupingStacktrace
}

type GroupingMechanism = {
  type?: string
  handled?: boolean
  synthetic?: boolean
  source?: string
  exception_id?: number
  parent_id?: number
  is_exception_group?: boolean
  meta?: Record<string, unknown>
}

export type GroupingStacktrace = { frames: readonly GroupingFrame[] }

export type GroupingThread = {
  id?: string | number
  name?: string
  state?: string
  crashed?: boolean
  current?: boolean
  stacktrace?: GroupingStacktrace
}

export type GroupingFrame = {
  platform?: string
  module?: string
  filename?: string
  abs_path?: string
  package?: string
  function?: string
  raw_function?: string
  context_line?: string
  lineno?: number
  colno?: number
  in_app?: boolean
  data?: Record<string, unknown>
}
