import type { DebugFileExplanation, DebugVerdict } from "#symbolication/explain-debug-files.ts"
import type { Tone } from "../../../components/badge.tsx"

export const DEBUG_VERDICTS: Record<DebugVerdict, { word: string; tone: Tone }> = {
  known: { word: "found", tone: "success" },
  "came-later": { word: "uploaded later", tone: "info" },
  "of-system": { word: "of the system", tone: "info" },
  "no-lines": { word: "no lines", tone: "warning" },
  "not-uploaded": { word: "not uploaded", tone: "error" },
  "no-names": { word: "no names", tone: "error" },
  unreadable: { word: "cannot be read", tone: "error" },
  "place-unknown": { word: "place unknown", tone: "error" },
  "no-id": { word: "no debug id", tone: "error" },
}

/** What was found of a debug file, and what to do about it. */
export function debugFileText({ verdict, kind, debugId, reason }: DebugFileExplanation): string {
  switch (verdict) {
    case "known":
      return kind === "image" ? "Its names were found." : "It was uploaded."
    case "came-later":
      return "It is here now, but came after the event. New events are read with it."
    case "of-system":
      return "It belongs to the system, whose debug files are rarely at hand. Your own frames do not need it."
    case "no-lines":
      return "The mapping knows names, but no lines: keep the attributes SourceFile and LineNumberTable."
    case "not-uploaded":
      return `Nothing of this project has the id ${debugId}. Upload exactly what was built together with the program: each build has ids of its own.`
    case "no-names":
      return "What was uploaded with this id is stripped: it holds no names. Upload the file as it was before, or Breakpad symbols made of it."
    case "unreadable":
      return `It was uploaded, and cannot be used: ${reason ?? "it is damaged"}.`
    case "place-unknown":
      return "It was uploaded, and knows no function at these addresses."
    case "no-id":
      return "The event names no debug id for it, so nothing can be looked up. Link with a build id (-Wl,--build-id), or keep the UUID."
  }
}

/** The lines that make and upload what is missing; none where nothing is, or nobody could. */
export function uploadCommands(
  { verdict, kind, debugId, format, name }: DebugFileExplanation,
  { address, org, project }: { address: string; org: string; project: string },
): string[] {
  const isMissing = ["not-uploaded", "no-names", "unreadable", "place-unknown"].includes(verdict)
  if (debugId === null || !isMissing) return []
  const begin = `export SENTRY_URL=${address} SENTRY_ORG=${org} SENTRY_PROJECT=${project} SENTRY_AUTH_TOKEN=…`
  if (kind === "mapping") {
    return [
      begin,
      "# the mapping of that very build",
      `npx @sentry/cli upload-proguard --uuid ${debugId} app/build/outputs/mapping/release/mapping.txt`,
    ]
  }
  if (kind === "sources") {
    return [
      begin,
      `npx @sentry/cli debug-files bundle-jvm --debug-id ${debugId} --output sources src/main/java`,
      "npx @sentry/cli debug-files upload --type jvm sources",
    ]
  }
  const file = fileName(name)
  const program = format === "pe" ? file.replace(/\.(?:exe|dll)$/i, ".pdb") : file
  return [
    begin,
    "# names, files and lines",
    `dump_syms build/${program} > symbols/${program}.sym`,
    `npx @sentry/cli debug-files upload --type breakpad --id ${debugId} symbols`,
    ...(format === "pe"
      ? []
      : ["# names alone", `npx @sentry/cli debug-files upload --id ${debugId} build`]),
  ]
}

/** Clients call images what they like, and the line is there to be run. */
function fileName(path: string): string {
  const name = (path.split(/[/\\]/).at(-1) ?? "").slice(0, 100)
  return /^[\w.+-]+$/.test(name) && !name.startsWith("-") ? name : "PROGRAM"
}
