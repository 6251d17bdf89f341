import type { NormalizedEvent } from "#normalize/event.ts"

/** What was not there when an event came: scripts that nobody uploaded, maps that their scripts name. By their last names. */
export function missingMaps({ errors = [] }: NormalizedEvent): string[] {
  const addresses = errors.flatMap(({ type, data }) =>
    type === "js_no_source" && typeof data?.url === "string" ? [data.url] : [],
  )
  const names = addresses.map(
    (address) => address.split(/[?#]/, 1)[0]?.split("/").at(-1) || address,
  )
  return [...new Set(names)]
}
