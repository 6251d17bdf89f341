import { organizationSettingsOf } from "#accounts/organizations/settings.ts"
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
import { instanceScrub, type ScrubOptions, scrubIn } from "#projects/scrubbing.ts"
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

/** `stored`: the settings and options it was made of. */
type Known = { stored: string; project: Project | null }
const MISSING: Known = { stored: "", project: null }

/** Remembers projects, missing ones too, so that the batches of a busy installation need no query for them. */
export function createProjects(sql: Sql, clock: Clock, instance: ScrubOptions): Projects {
  const known = new BoundedMap<string, Known & { readAt: number }>(MAX_PROJECTS)
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
          const read = intake ? projectOf(intake, known.get(id), { instance, rulesOf }) : MISSING
          known.set(id, { ...read, readAt: now })
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

type RulesOf = (texts: RuleTexts) => ProjectRules

/** Texts of rules are compiled once, however often their projects are read anew. */
function rememberRules(): RulesOf {
  const compiled = new BoundedMap<string, ProjectRules>(MAX_COMPILED)
  return (texts) => {
    const key = `${texts.stackTraceRules}\0${texts.fingerprintRules}`
    const rules = compiled.get(key) ?? compileProjectRules(texts)
    compiled.set(key, rules)
    return rules
  }
}

/** `before` again when nothing was changed: what is derived from its settings is kept. */
function projectOf(
  intake: ProjectIntake,
  before: Known | undefined,
  { instance, rulesOf }: { instance: ScrubOptions; rulesOf: RulesOf },
): Known {
  const { id, organizationId, settings, organizationSettings } = intake
  const stored = JSON.stringify([settings, organizationSettings, instanceScrub(instance)])
  if (before?.stored === stored) return before
  const own = projectSettingsOf(settings)
  const scrub = scrubIn(instance, {
    organization: organizationSettingsOf(organizationSettings),
    organizationId,
    project: own,
  })
  const rules = rulesOf(ruleTextsOf(settings))
  return { stored, project: { id, organizationId, rules, filters: filtersOf(own.filters), scrub } }
}
