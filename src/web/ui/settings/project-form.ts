import { AppError } from "#platform/errors.ts"
import { type ProjectSettings, projectSettingsSchema } from "#projects/settings.ts"
import type { Project } from "#projects/store.ts"
import type { FormData } from "../form-data.ts"
import type { ProjectForm } from "./project-general-page.tsx"

export function formOf(project: Project, teams: string[]): ProjectForm {
  const { settings } = project
  return {
    name: project.name,
    slug: project.slug,
    platform: project.platform,
    teams,
    resolveAgeHours: String(settings.resolveAgeHours),
    minimalMail: settings.minimalMail,
    allowedDomains: settings.allowedDomains.join("\n"),
  }
}

export function readProjectForm(data: FormData): ProjectForm {
  return {
    name: data.text("name"),
    slug: data.text("slug"),
    platform: data.text("platform"),
    teams: data.list("teams"),
    resolveAgeHours: data.text("resolveAgeHours"),
    minimalMail: data.isChecked("minimalMail"),
    allowedDomains: data.text("allowedDomains"),
  }
}

/** Rules, filters and scrubbing have pages of their own. */
type FormSettings = Pick<ProjectSettings, "allowedDomains" | "resolveAgeHours" | "minimalMail">

/** Throws `invalid` naming the field that cannot be saved. */
export function settingsIn(form: ProjectForm): FormSettings {
  const wanted: FormSettings = {
    allowedDomains: linesOf(form.allowedDomains),
    resolveAgeHours: Number(form.resolveAgeHours || 0),
    minimalMail: form.minimalMail,
  }
  // The schema mends what it reads from the database; what a person typed is refused instead.
  for (const [field, value] of Object.entries(wanted)) {
    const { success } = projectSettingsSchema.shape[field as keyof FormSettings]
      .unwrap()
      .safeParse(value)
    if (!success) throw new AppError("invalid", complaints[field] ?? "Not possible.", { field })
  }
  return wanted
}

const complaints: Record<string, string> = {
  resolveAgeHours: "Write a whole number of hours from 0 to 8760.",
  allowedDomains: "Too many lines, or one that is too long.",
}

function linesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))]
}
