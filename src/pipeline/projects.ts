import type { Config } from "#config.ts"
import {
  compileProjectRules,
  type ProjectRules,
  type RuleTexts,
} from "#grouping/rules/project-rules.ts"
import { type Filters, filtersOf } from "#normalize/filters/judge.ts"
import type { ScrubSettings } from "#normalize/scrub/scrubber.ts"
import { BoundedMap } from "#platform/bounded-map.ts"
import type { Clock } from "#platform/clock.ts"
import type { Sql } from "#platform/db.ts"
import { listProjectIntakes, type ProjectIntake } from "#projects/intake-store.ts"
import { projectSettingsOf, ruleTextsOf } from "#projects/settings.ts"

export type Project = {
  id: string
  organizationId: string
  filters: Filters
  scrub: ScrubSettings
  rules: ProjectRules
}

/** Settings take effect within this time. */
const FRESH_MS = 10_000
const MAX_PROJECTS = 10_000
/** Projects with rules of their own; each may hold a megabyte of frames it has met. */
const MAX_COMPILED = 200

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
  const rulesOf = rememberRules()
  return {
    async find(ids) {
      const now = clock.now().getTime()
      const wanted = [...new Set(ids)]
      const stale = wanted.filter((id) => now - (known.get(id)?.readAt ?? 0) > FRESH_MS)
      if (stale.length > 0) {
        const found = new Map((await listProjectIntakes(sql, stale)).map((each) => [each.id, each]))
        for (const id of stale) {
          const intake = found.get(id)
          known.set(id, {
            project: intake ? projectOf(intake, instance, rulesOf) : null,
            readAt: now,
          })
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

/** Texts of rules are compiled once, however often their projects are read anew. */
function rememberRules(): (texts: RuleTexts) => ProjectRules {
  const compiled = new BoundedMap<string, ProjectRules>(MAX_COMPILED)
  return (texts) => {
    const key = `${texts.stackTraceRules}\0${texts.fingerprintRules}`
    const rules = compiled.get(key) ?? compileProjectRules(texts)
    compiled.set(key, rules)
    return rules
  }
}

/** What the project says, else what the installation says; hidden names and IP addresses add up. */
function projectOf(
  { id, organizationId, settings }: ProjectIntake,
  instance: Pick<Config, `ingest.scrub.${string}` & keyof Config>,
  rulesOf: (texts: RuleTexts) => ProjectRules,
): Project {
  const flag = (value: unknown, initial: boolean) => (typeof value === "boolean" ? value : initial)
  const names = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((name) => typeof name === "string") : []
  return {
    id,
    organizationId,
    rules: rulesOf(ruleTextsOf(settings)),
    filters: filtersOf(projectSettingsOf(settings).filters),
    scrub: {
      scrubData: flag(settings.scrubData, true),
      scrubDefaults: flag(settings.scrubDefaults, instance["ingest.scrub.defaults"]),
      scrubIp: instance["ingest.scrub.ip"] || flag(settings.scrubIp, false),
      sensitiveFields: [...instance["ingest.scrub.fields"], ...names(settings.sensitiveFields)],
      safeFields: [...instance["ingest.scrub.safe-fields"], ...names(settings.safeFields)],
    },
  }
}
