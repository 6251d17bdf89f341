/**
 * Those SQLSTATEs speak of what was sent: 21 a row twice, 22 data, 23 constraints, 44 views, 54 sizes, P0 somebody's
 * trigger. All others tell how PostgreSQL is: gone, full, read-only, being upgraded, in need of a new plan ... Nothing must
 * be thrown away for that, so what is not known is taken for this kind, too.
 */
const DATA = /^(?:21|22|23|44|54|P0)[0-9A-Z]{3}$/
/** Our own faults in putting a statement together; the other codes that are no SQLSTATE are the network's. */
const OWN_FAULT =
  /^(?:ERR_(?!TLS_|SSL_|SOCKET_)|UNDEFINED_VALUE$|NOT_TAGGED_CALL$|MAX_PARAMETERS_EXCEEDED$)/

/** Whether the same data would fail again, however well PostgreSQL is: an exception of our own, or a refusal of what was sent. */
export function isDataFault(error: unknown): boolean {
  const code = codeOf(error)
  return code === null || DATA.test(code) || OWN_FAULT.test(code)
}

/** SQLSTATE, or the word of driver or network; null: an exception of another kind. */
export function codeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null
  return typeof error.code === "string" ? error.code : null
}
