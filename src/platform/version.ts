import packageJson from "#package.json"

declare const SENTRY_LITE_VERSION: string

/** `0.1.0+1a2b3c4` in the executable, which the build tells; the bare number when run from source. */
export const VERSION: string =
  typeof SENTRY_LITE_VERSION === "string" ? SENTRY_LITE_VERSION : packageJson.version
