/**
 * Any page may send: who may is decided by the key and the project's allowed domains. Credentials are never allowed, so no cookie
 * travels along. A header that is not listed here would trip the browser of whoever sends it.
 */
export const corsHeaders: Readonly<Record<string, string>> = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "x-sentry-error, x-sentry-rate-limits, retry-after",
  "Cross-Origin-Resource-Policy": "cross-origin",
}

export const preflightHeaders: Readonly<Record<string, string>> = {
  ...corsHeaders,
  "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
  "Access-Control-Allow-Headers":
    "x-sentry-auth, x-requested-with, x-forwarded-for, origin, referer, accept, content-type, " +
    "authentication, authorization, content-encoding, transfer-encoding, sentry-trace, baggage",
  "Access-Control-Max-Age": "3600",
}
