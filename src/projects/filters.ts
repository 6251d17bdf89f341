import { type Actor, audit } from "#accounts/organizations/actor.ts"
import { addressRuleFault } from "#normalize/filters/address-rule.ts"
import { FILTERS } from "#normalize/filters/catalogue.ts"
import { globFault } from "#normalize/filters/globs.ts"
import {
  type FilterSettings,
  MAX_FILTER_LINE_CHARACTERS,
  MAX_FILTER_LINES,
} from "#normalize/filters/settings.ts"
import type { Tx } from "#platform/db.ts"
import { AppError } from "#platform/errors.ts"
import type { ProjectSettings } from "./settings.ts"
import { type Project, updateProjectFilters } from "./store.ts"

/** Throws `invalid` naming the list and the line that cannot be used. Nothing is written when nothing changed. */
export async function changeFilters(
  tx: Tx,
  actor: Actor,
  project: Project,
  filters: ProjectSettings["filters"],
): Promise<void> {
  checkFilters(filters)
  const before = project.settings.filters
  const changed = Object.entries(filters).filter(
    ([name, value]) => !Bun.deepEquals(value, before[name as keyof FilterSettings]),
  )
  if (changed.length === 0) return
  await updateProjectFilters(tx, project.id, Object.fromEntries(changed))
  await audit(tx, project.organizationId, actor, {
    action: "project.edit",
    targetType: "project",
    targetId: project.id,
    data: { slug: project.slug, filters: changed.map(([name]) => name) },
  })
}

const FAULTS: Partial<Record<keyof FilterSettings, (line: string) => string | null>> = {
  errorMessages: globFault,
  releases: globFault,
  clientAddresses: addressRuleFault,
  cspSources: sourceFault,
}

export function checkFilters(filters: FilterSettings): void {
  for (const [field, faultOf] of Object.entries(FAULTS)) {
    const lines = filters[field as "errorMessages"]
    if (lines.length > MAX_FILTER_LINES) {
      throw refusal(field, `more than ${MAX_FILTER_LINES} lines.`)
    }
    for (const [index, line] of lines.entries()) {
      const fault = lengthFault(line) ?? faultOf(line)
      if (fault) throw refusal(field, `line ${index + 1}: ${fault}`)
    }
  }
}

function refusal(field: string, fault: string): AppError {
  const list = FILTERS.find(({ setting }) => setting === field)?.label
  return new AppError("invalid", `${list}, ${fault}`, { field })
}

function lengthFault(line: string): string | null {
  return line.length > MAX_FILTER_LINE_CHARACTERS
    ? `It is longer than ${MAX_FILTER_LINE_CHARACTERS} characters.`
    : null
}

function sourceFault(line: string): string | null {
  return /\s/.test(line) ? "A source has no blanks: example.com, *.example.com, scheme://*." : null
}
