import type { Preferences } from "#accounts/users/preferences.ts"
import type { TraceView } from "./trace-sections.tsx"

/** How traces are shown: as the address says, else as the reader likes it. */
export function traceView(url: URL, preferences: Preferences): TraceView {
  const wish = (name: string, choices: readonly string[]) => {
    const value = url.searchParams.get(name) ?? ""
    return choices.includes(value) ? value : undefined
  }
  const frames = wish("frames", ["app", "all"])
  return {
    order: (wish("order", ["newest", "oldest"]) ?? preferences.frameOrder) as TraceView["order"],
    filter: (frames ?? preferences.frameFilter) as TraceView["filter"],
    view: (wish("view", ["pretty", "raw"]) ?? preferences.traceView) as TraceView["view"],
    allFramesHref: frames === "all" ? null : hrefWith(url, { frames: "all" }),
    hrefWith: (changes) => hrefWith(url, changes),
  }
}

function hrefWith(url: URL, changes: Record<string, string>): string {
  const query = new URLSearchParams(url.search)
  for (const [name, value] of Object.entries(changes)) query.set(name, value)
  return `${url.pathname}?${query}#stack-trace`
}
