import type { FileExplanation, Verdict } from "#symbolication/explain.ts"
import type { Tone } from "../../../components/badge.tsx"

export const VERDICTS: Record<Verdict, { word: string; tone: Tone }> = {
  mapped: { word: "mapped", tone: "success" },
  "is-source": { word: "no map needed", tone: "success" },
  "came-later": { word: "uploaded later", tone: "info" },
  "source-missing": { word: "no source", tone: "warning" },
  "not-fetched": { word: "not fetched", tone: "error" },
  "no-uploads": { word: "not uploaded", tone: "error" },
  "nothing-to-go-by": { word: "not found", tone: "error" },
  "debug-id-unknown": { word: "not found", tone: "error" },
  "release-without-files": { word: "not found", tone: "error" },
  "not-in-release": { word: "not found", tone: "error" },
  "map-missing": { word: "no map", tone: "error" },
  "map-unreadable": { word: "broken map", tone: "error" },
  "place-unknown": { word: "wrong map", tone: "error" },
}

/** What was found for a file, and what to do about it. */
export function explanationText({ verdict, key, mapUrl, reason }: FileExplanation): string {
  const { debugId, release, dist } = key
  switch (verdict) {
    case "mapped":
      return "Its map was found and read."
    case "is-source":
      return "The file was uploaded and names no map: it is shown as it is."
    case "came-later":
      return "File and map are here now, but came after the event. New events are mapped."
    case "source-missing":
      return "The places are known, but neither the map nor an upload holds the source. Build with sourcesContent, or upload the sources too."
    case "not-fetched":
      return `Nothing was uploaded for it, and fetching it from the web failed: ${reason ?? "nobody knows why"}.`
    case "no-uploads":
      return "No source map was ever uploaded for this project."
    case "nothing-to-go-by":
      return "The event names neither a debug id for this file nor a release, so nothing can be looked up. Inject debug ids when you build, or set a release."
    case "debug-id-unknown":
      return `No upload of this project has the debug id ${debugId}${release ? `, and none for the release ${release} has this address` : ""}. Upload exactly the files that you deploy: each build has ids of its own.`
    case "release-without-files":
      return `Nothing was uploaded for the release ${release}. Upload with exactly this name, or use debug ids.`
    case "not-in-release":
      return `Files were uploaded for the release ${release}${dist ? ` (dist ${dist})` : ""}, but none under the address of this one.`
    case "map-missing":
      return `The file was uploaded, but its map${mapUrl ? ` (${mapUrl})` : ""} was not. Upload the maps together with the files.`
    case "map-unreadable":
      return `The map${mapUrl ? ` (${mapUrl})` : ""} cannot be used: ${reason ?? "it is damaged"}.`
    case "place-unknown":
      return "The map does not know the place. It probably belongs to another build of this file: upload the files that are deployed, after everything that changes them."
  }
}
