import type { Config } from "#config.ts"
import type { ScrubSettings } from "#normalize/scrub/scrubber.ts"
import { BoundedMap } from "#platform/bounded-map.ts"
import type { Clock } from "#platform/clock.ts"
import type { Sql } from "#platform/db.ts"
import { listProjectIntakes, type ProjectIntake } from "#projects/intake-store.ts"

export type Project = { id: string; organizationId: string; scrub: ScrubSettings }

/** Settings take effect within this time. */
const FRESH_MS = 10_000
const MAX_PROJECTS = 10_000

export type Projects = {
  /** The projects that take events, by id; the others are missing. */
  find(ids: Iterable<string>): Promise<Map<string, Project>>
  forget(): void
}

/** Remembers projects, missing ones too, so that the batches of a busy installation need no query for them. */
export function createProjects(
  sql: Sql,
  clock: Clock,
  instance: Pick<Config, `ingest.scrub.${string}` & keyof Config>,
): Projects {
  const known = new BoundedMap<string, { project: Project | null; readAt: number }>(MAX_PROJECTS)
  return {
    async find(ids) {
      const now = clock.now().getTime()
      const wanted = [...new Set(ids)]
      const stale = wanted.filter((id) => now - (known.get(id)?.readAt ?? 0) > FRESH_MS)
      if (stale.length > 0) {
        const found = new Map((await listProjectIntakes(sql, stale)).map((each) => [each.id, each]))
        for (const id of stale) {
          const intake = found.get(id)
          known.set(id, { project: intake ? projectOf(intake, instance) : null, readAt: now })
        }
      }
      return new Map(
        wanted.flatMap((id) => {
          const project = known.get(id)?.project
          return project ? [[id, project] as const] : []
        }),
      )
    },
    forget: () => known.clear(),
  }
}

/** What the project says, else what the installation says; hidden names and IP addresses add up. */
function projectOf(
  { id, organizationId, settings }: ProjectIntake,
  instance: Pick<Config, `ingest.scrub.${string}` & keyof Config>,
): Project {
  const flag = (value: unknown, initial: boolean) => (typeof value === "boolean" ? value : initial)
  const names = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((name) => typeof name === "string") : []
  return {
    id,
    organizationId,
    scrub: {
      scrubData: flag(settings.scrubData, true),
      scrubDefaults: flag(settings.scrubDefaults, instance["ingest.scrub.defaults"]),
      scrubIp: instance["ingest.scrub.ip"] || flag(settings.scrubIp, false),
      sensitiveFields: [...instance["ingest.scrub.fields"], ...names(settings.sensitiveFields)],
      safeFields: [...instance["ingest.scrub.safe-fields"], ...names(settings.safeFields)],
    },
  }
}
