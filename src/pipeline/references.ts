import { BoundedMap } from "#platform/bounded-map.ts"
import type { Tx } from "#platform/db.ts"
import { recordEnvironments } from "#projects/environments-store.ts"
import { recordReleases } from "#releases/store.ts"

/** What an event names and its row refers to by id. */
type Naming = {
  projectId: string
  organizationId: string
  environment: string
  release: string | null
}

const MAX_REMEMBERED = 20_000
/** A release's last event is written down this often at most. */
const SIGHTING_MS = 60_000

/** The ids of one batch. */
export type Resolved = {
  environmentId(naming: Naming): string
  releaseId(naming: Naming): string | null
  /** To be called after the commit: what a rollback takes back must not be remembered. */
  keep(): void
}

export type References = {
  /** Finds or makes all releases and environments of a batch; only names not met before cost a statement. */
  resolve(tx: Tx, namings: readonly Naming[]): Promise<Resolved>
  /** Whether it is time to write down that a project saw this release. */
  isSightingDue(projectId: string, releaseId: string, now: number): boolean
  keepSighting(projectId: string, releaseId: string, now: number): void
  forget(): void
}

export function createReferences(): References {
  const releases = new BoundedMap<string, string>(MAX_REMEMBERED)
  const environments = new BoundedMap<string, string>(MAX_REMEMBERED)
  const sightings = new BoundedMap<string, number>(MAX_REMEMBERED)

  return {
    async resolve(tx, namings) {
      const versions = new Map(
        namings.flatMap(({ organizationId, release }) =>
          release === null
            ? []
            : [[releaseKey(organizationId, release), { organizationId, version: release }]],
        ),
      )
      const names = new Map(
        namings.map(({ projectId, environment }) => [
          environmentKey(projectId, environment),
          { projectId, name: environment },
        ]),
      )
      const releaseIds = await idsOf(versions, releases, async (missing) =>
        (await recordReleases(tx, missing)).map((row) => [
          releaseKey(row.organizationId, row.version),
          row.id,
        ]),
      )
      const environmentIds = await idsOf(names, environments, async (missing) =>
        (await recordEnvironments(tx, missing)).map((row) => [
          environmentKey(row.projectId, row.name),
          row.id,
        ]),
      )
      return {
        releaseId: ({ organizationId, release }) =>
          release === null ? null : idIn(releaseIds, releaseKey(organizationId, release)),
        environmentId: ({ projectId, environment }) =>
          idIn(environmentIds, environmentKey(projectId, environment)),
        keep() {
          for (const [key, id] of releaseIds) releases.set(key, id)
          for (const [key, id] of environmentIds) environments.set(key, id)
        },
      }
    },

    isSightingDue: (projectId, releaseId, now) =>
      now - (sightings.get(`${projectId}/${releaseId}`) ?? 0) >= SIGHTING_MS,
    keepSighting(projectId, releaseId, now) {
      sightings.set(`${projectId}/${releaseId}`, now)
    },
    forget() {
      for (const cache of [releases, environments, sightings]) cache.clear()
    },
  }
}

const releaseKey = (organizationId: string, version: string) => `${organizationId}/${version}`
const environmentKey = (projectId: string, name: string) => `${projectId}/${name}`

/** Ids of everything wanted: those remembered, and those that `record` finds or makes. */
async function idsOf<Wanted>(
  wanted: ReadonlyMap<string, Wanted>,
  remembered: ReadonlyMap<string, string>,
  record: (missing: Wanted[]) => Promise<[key: string, id: string][]>,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  const missing: Wanted[] = []
  for (const [key, value] of wanted) {
    const id = remembered.get(key)
    if (id) ids.set(key, id)
    else missing.push(value)
  }
  if (missing.length > 0) for (const [key, id] of await record(missing)) ids.set(key, id)
  return ids
}

function idIn(ids: ReadonlyMap<string, string>, key: string): string {
  const id = ids.get(key)
  if (id === undefined) throw new Error("a release or environment was neither found nor made")
  return id
}
