import type { Preferences } from "#accounts/users/preferences.ts"
import type { TraceView } from "./sections.tsx"

/** The words of the address and of the form, and which preference each one is. */
const WISHES = {
  order: { preference: "frameOrder", choices: ["newest", "oldest"] },
  frames: { preference: "frameFilter", choices: ["app", "all"] },
  view: { preference: "traceView", choices: ["pretty", "raw"] },
} as const

/** How traces are shown: as the address says, else as the reader likes it. */
export function traceView(
  url: URL,
  preferences: Preferences,
  { form, sourceMapsHref }: Pick<TraceView, "form" | "sourceMapsHref">,
): TraceView {
  const wishes = tracePreferences((name) => url.searchParams.get(name) ?? "")
  const { frameOrder, frameFilter, traceView: view } = { ...preferences, ...wishes }
  return {
    order: frameOrder,
    filter: frameFilter,
    view,
    code: url.searchParams.get("code") === "minified" ? "minified" : "original",
    codeHref: otherCode(url),
    allFramesHref: url.searchParams.get("frames") === "all" ? null : allFrames(url),
    form,
    sourceMapsHref,
  }
}

/** What a form or address asks for, as preferences; unknown words are left out. */
export function tracePreferences(
  read: (name: string) => string,
): Partial<Pick<Preferences, "frameOrder" | "frameFilter" | "traceView">> {
  const found = Object.entries(WISHES).flatMap(([name, { preference, choices }]) => {
    const value = read(name)
    return (choices as readonly string[]).includes(value) ? [[preference, value]] : []
  })
  return Object.fromEntries(found)
}

/** The same page with the frames as they came, or with those that were found for them. */
function otherCode(url: URL): string {
  const query = new URLSearchParams(url.search)
  if (query.get("code") === "minified") query.delete("code")
  else query.set("code", "minified")
  return `${url.pathname}?${query}#stack-trace`
}

function allFrames(url: URL): string {
  const query = new URLSearchParams(url.search)
  query.set("frames", "all")
  return `${url.pathname}?${query}#stack-trace`
}
