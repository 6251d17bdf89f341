import type { Meta } from "./meta.ts"

/**
 * An event as it is stored and read by everything after normalization: the names and nesting of Sentry's event
 * payload (snake_case), so that the stored JSON stays recognisable. Nothing in it is null, too long, too deep,
 * ill-formed or of another type than said here. It may share parts with the JSON it was made from: never change it
 * in place.
 */
export type NormalizedEvent = {
  /** 32 lower-case hex digits. */
  event_id: string
  /** Decided here: "error" with exceptions, "csp" and its kin for security reports, else "default". */
  type: EventType
  /** Seconds since 1970 with a fraction of microseconds; the client's, corrected for its clock. */
  timestamp: number
  /** Seconds since 1970: when web answered. */
  received: number
  level: Level
  platform: string
  logentry?: LogEntry
  logger?: string
  culprit?: string
  transaction?: string
  server_name?: string
  site?: string
  release?: string
  dist?: string
  environment?: string
  user?: User
  request?: Request
  contexts?: Record<string, Context>
  breadcrumbs?: Values<Breadcrumb>
  exception?: Values<Exception>
  stacktrace?: Stacktrace
  /** Before source maps. */
  raw_stacktrace?: Stacktrace
  template?: Template
  threads?: Values<Thread>
  tags?: Pair[]
  extra?: Bag
  modules?: Record<string, string>
  fingerprint?: string[]
  /** The name that a fingerprint rule gave it. */
  title?: string
  _fingerprint_info?: FingerprintInfo
  checksum?: string
  sdk?: Sdk
  debug_meta?: DebugMeta
  csp?: Bag
  hpkp?: Bag
  expectct?: Bag
  expectstaple?: Bag
  time_spent?: number
  /** What was done to which value: by the client, by the limits, by scrubbing. */
  _meta?: Meta
  /** Its issue is noisy: of this event only what names it was kept. */
  _is_skeleton?: true
  /** What was dropped or corrected on the way in because it made no sense. */
  errors?: ProcessingError[]
}

export type EventType = "error" | "default" | "csp" | "hpkp" | "expectct" | "expectstaple"
export type Level = "debug" | "info" | "warning" | "error" | "fatal"
export type Pair = [key: string, value: string]
/** Free-form data of bounded size and depth. */
export type Bag = Record<string, unknown>
export type Values<T> = { values: T[] }

export type ProcessingError = {
  type:
    | "invalid_data"
    | "invalid_attribute"
    | "missing_attribute"
    | "value_too_long"
    | "clock_drift"
    | "past_timestamp"
    | "future_timestamp"
    // A client's own words.
    | (string & {})
  /** Path of the field, e.g. `exception.values.0.type`. */
  name: string
  value?: string | number | boolean
  reason?: string
  /** What else belongs to it: addresses, positions. */
  data?: Record<string, string | number>
}

/** Which fingerprint rule made `fingerprint`, and what the client had sent. */
export type FingerprintInfo = {
  client_fingerprint?: readonly string[]
  matched_rule: { text: string; is_builtin: boolean }
}

export type LogEntry = { message?: string; formatted?: string; params?: unknown[] | Bag }

export type User = {
  id?: string
  username?: string
  email?: string
  name?: string
  ip_address?: string
  segment?: string
  geo?: { country_code?: string; city?: string; subdivision?: string; region?: string }
  data?: Bag
}

export type Request = {
  url?: string
  method?: string
  query_string?: Pair[]
  fragment?: string
  data?: unknown
  inferred_content_type?: string
  cookies?: Pair[]
  headers?: Pair[]
  env?: Bag
  body_size?: number
  protocol?: string
  api_target?: string
}

export type Context = Bag & { type: string }

export type Breadcrumb = {
  timestamp?: number
  type?: string
  category?: string
  level?: Level
  message?: string
  data?: Bag
  event_id?: string
  origin?: string
}

export type Exception = {
  type?: string
  value?: string
  module?: string
  thread_id?: string | number
  mechanism?: Mechanism
  stacktrace?: Stacktrace
  raw_stacktrace?: Stacktrace
}

export type Mechanism = {
  type: string
  handled?: boolean
  synthetic?: boolean
  description?: string
  help_link?: string
  source?: string
  exception_id?: number
  parent_id?: number
  is_exception_group?: boolean
  data?: Bag
  meta?: Bag
}

export type Stacktrace = {
  /** Oldest call first; never empty. */
  frames: Frame[]
  registers?: Record<string, string>
  lang?: string
  snapshot?: boolean
  instruction_addr_adjustment?: string
}

export type Frame = {
  filename?: string
  abs_path?: string
  function?: string
  raw_function?: string
  symbol?: string
  module?: string
  package?: string
  platform?: string
  lineno?: number
  colno?: number
  pre_context?: string[]
  context_line?: string
  post_context?: string[]
  in_app?: boolean
  vars?: Bag
  data?: Bag
  instruction_addr?: string
  symbol_addr?: string
  image_addr?: string
  addr_mode?: string
  trust?: string
  lang?: string
  stack_start?: boolean
  native?: boolean
  function_id?: string
  lock?: Bag
}

export type Template = {
  filename?: string
  abs_path?: string
  lineno?: number
  colno?: number
  pre_context?: string[]
  context_line?: string
  post_context?: string[]
}

export type Thread = {
  id?: string | number
  name?: string
  crashed?: boolean
  current?: boolean
  main?: boolean
  state?: string
  stacktrace?: Stacktrace
  raw_stacktrace?: Stacktrace
  held_locks?: Bag
}

export type Sdk = {
  name?: string
  version?: string
  integrations?: string[]
  features?: string[]
  packages?: { name?: string; version?: string }[]
  settings?: { infer_ip?: string }
  client_ip?: string
}

export type DebugMeta = { sdk_info?: Bag; images?: DebugImage[] }
export type DebugImage = Bag & { type: string }
