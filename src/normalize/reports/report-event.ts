export type Json = Record<string, unknown>

/** What a report becomes: attributes of an event, and the request that it was about. */
export type ReportEvent = {
  attributes: Json
  request: { url?: string; headers?: Record<string, string> }
}
