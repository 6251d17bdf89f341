import { readFileSync } from "node:fs"
import { type CityResponse, Reader } from "mmdb-lib"
import { BoundedMap } from "./bounded-map.ts"
import { messageOf } from "./errors.ts"
import type { Log } from "./log.ts"

/** Where an address is, in English names, as far as the database knows. */
type Place = {
  /** Two capital letters of ISO 3166. */
  country_code?: string
  /** The country's name. */
  region?: string
  subdivision?: string
  city?: string
}
/** Takes a valid IPv4 or IPv6 address; undefined: nowhere known. */
export type Locate = (address: string) => Place | undefined

const MAX_REMEMBERED = 5000
const MAX_NAME_CHARACTERS = 200

/**
 * Reads a MaxMind database of cities or countries into memory. null, with a line in the log, when there is none to be
 * read: events are stored without geography then.
 */
export function openGeography(path: string, log: Log): Locate | null {
  if (path === "") return null
  try {
    const reader = new Reader<CityResponse>(readFileSync(path))
    const { databaseType, buildEpoch } = reader.metadata
    log.info({ path, databaseType, built: buildEpoch }, "addresses are located")
    return remembering(locateIn(reader, log))
  } catch (error) {
    log.error(
      { path, error: messageOf(error) },
      "geoip.path-mmdb cannot be read: addresses are not located",
    )
    return null
  }
}

/** A damaged database is found out only by reading it, so every look is on its guard; one line tells of it. */
function locateIn(reader: Reader<CityResponse>, log: Log): Locate {
  let hasFailed = false
  return (address) => {
    try {
      return placeOf(reader.get(address))
    } catch (error) {
      if (!hasFailed) log.error({ error: messageOf(error) }, "geoip.path-mmdb is damaged")
      hasFailed = true
      return undefined
    }
  }
}

function remembering(locate: Locate): Locate {
  const known = new BoundedMap<string, Place | null>(MAX_REMEMBERED)
  return (address) => {
    const place = known.get(address)
    if (place !== undefined) return place ?? undefined
    const found = locate(address)
    known.set(address, found ?? null)
    return found
  }
}

function placeOf(found: Partial<CityResponse> | null): Place | undefined {
  const place: Place = {}
  put(place, "country_code", found?.country?.iso_code)
  put(place, "region", found?.country?.names?.en)
  put(place, "subdivision", found?.subdivisions?.at(-1)?.names?.en)
  put(place, "city", found?.city?.names?.en)
  for (const _ in place) return place
  return undefined
}

/** A database of somebody's own making may hold anything. */
function put(place: Place, key: keyof Place, value: unknown): void {
  if (typeof value === "string" && value !== "") place[key] = value.slice(0, MAX_NAME_CHARACTERS)
}
