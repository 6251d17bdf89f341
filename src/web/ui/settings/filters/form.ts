import { LEGACY_BROWSERS } from "#normalize/filters/legacy-browsers.ts"
import { cleanText } from "#normalize/values/text.ts"
import type { ProjectSettings } from "#projects/settings.ts"
import type { FormData } from "../../form-data.ts"

type Filters = ProjectSettings["filters"]

/** As typed: lists one a line; `sample` and its sender are there to be tried. */
export type FiltersForm = { filters: Filters; sample: string; clientAddress: string }

export function readFiltersForm(data: FormData): FiltersForm {
  const legacy = data.list("legacyBrowsers")
  return {
    filters: {
      chunkLoadErrors: data.isChecked("chunkLoadErrors"),
      reactHydrationErrors: data.isChecked("reactHydrationErrors"),
      cspDefaults: data.isChecked("cspDefaults"),
      cspSources: linesOf(data.text("cspSources")),
      clientAddresses: linesOf(data.text("clientAddresses")),
      releases: linesOf(data.text("releases")),
      errorMessages: linesOf(data.text("errorMessages")),
      localhost: data.isChecked("localhost"),
      browserExtensions: data.isChecked("browserExtensions"),
      legacyBrowsers: LEGACY_BROWSERS.map(({ id }) => id).filter((id) => legacy.includes(id)),
      webCrawlers: data.isChecked("webCrawlers"),
      healthChecks: data.isChecked("healthChecks"),
    },
    sample: data.text("sample"),
    clientAddress: data.text("clientAddress"),
  }
}

/** Without empty lines and repeats: the form is shown again without them, so that "line 3" is the third one in sight. */
function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => cleanText(line).trim())
  return [...new Set(lines.filter(Boolean))]
}
