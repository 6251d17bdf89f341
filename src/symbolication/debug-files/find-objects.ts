import { BoundedMap } from "#platform/bounded-map.ts"
import type { Clock } from "#platform/clock.ts"
import { utcDay } from "#platform/clock.ts"
import type { Db } from "#platform/db.ts"
import { updateBundlesUsed } from "../lookup-store.ts"
import { type FoundObject, listWantedObjects, type WantedObject } from "./store.ts"

/** An upload is noticed within this time. */
const FRESH_MS = 15_000
const MAX_REMEMBERED = 20_000
/** Ids that a batch may ask for anew; more are asked for by nobody but an attacker. */
const MAX_WANTED = 5_000

type Objects = readonly FoundObject[]

export type FindObjects = (
  db: Db,
  wanted: Iterable<WantedObject>,
) => Promise<(wanted: WantedObject) => Objects>

const nameOf = ({ projectId, debugId }: WantedObject) => `${projectId} ${debugId}`

/** Looks up what a batch needs in one query, and remembers both what was found and what was not. */
export function createFindObjects(clock: Clock): FindObjects {
  const known = new BoundedMap<string, { objects: Objects; readAt: number }>(MAX_REMEMBERED)
  const renewed = new BoundedMap<string, string>(MAX_REMEMBERED)

  async function renew(db: Db, found: Iterable<Objects>): Promise<void> {
    const today = utcDay(clock.now())
    const ids = new Set([...found].flatMap((objects) => objects.map(({ bundleId }) => bundleId)))
    const due = [...ids].filter((id) => renewed.get(id) !== today)
    if (due.length === 0) return
    await updateBundlesUsed(db, due)
    for (const id of due) renewed.set(id, today)
  }

  return async (db, wanted) => {
    const now = clock.now().getTime()
    const answers = new Map<string, Objects>()
    const asked = new Map<string, WantedObject>()
    for (const each of wanted) {
      const name = nameOf(each)
      const remembered = known.get(name)
      if (remembered && now - remembered.readAt < FRESH_MS) answers.set(name, remembered.objects)
      else if (asked.size < MAX_WANTED) asked.set(name, each)
    }
    if (asked.size > 0) {
      const found = Map.groupBy(await listWantedObjects(db, [...asked.values()]), ({ n }) => n)
      for (const [n, name] of [...asked.keys()].entries()) {
        const objects = found.get(n) ?? []
        known.set(name, { objects, readAt: now })
        answers.set(name, objects)
      }
    }
    await renew(db, answers.values())
    return (each) => answers.get(nameOf(each)) ?? []
  }
}
