import { readUserAgent } from "../agents/user-agent.ts"
import type { NormalizedEvent } from "../event.ts"
import { userAgentOf } from "./request-facts.ts"

type Line = {
  /** Sentry's word for it. */
  id: string
  label: string
  /** By family: majors from `from` (0) up to, and without, `below`. */
  versions: Record<string, { from?: number; below: number }>
  /** Where earlier versions of Sentry drew the line. */
  isOld: boolean
}

const IE = "Internet Explorer"

/** Lines between browsers whose errors somebody still wants and those that nobody will mend anything for. */
export const LEGACY_BROWSERS: readonly Line[] = [
  line("ie", `${IE} 11 and older`, { IE: { below: 12 } }),
  line("edge", "Edge 110 and older", { Edge: { below: 111 } }),
  line("safari", "Safari 15 and older", { Safari: { below: 16 } }),
  line("firefox", "Firefox 110 and older", { Firefox: { below: 111 } }),
  line("chrome", "Chrome 110 and older", { Chrome: { below: 111 } }),
  line("opera", "Opera 99 and older", { Opera: { below: 100 } }),
  line("android", "Android's own browser 3 and older", { Android: { below: 4 } }),
  line("opera_mini", "Opera Mini 34 and older", { "Opera Mini": { below: 35 } }),
  oldLine("default", `${IE} 9, Safari 5, Opera 14, Android 3, Opera Mini 7 and older`, {
    IE: { below: 10 },
    Safari: { below: 6 },
    Opera: { below: 15 },
    Android: { below: 4 },
    "Opera Mini": { below: 8 },
  }),
  oldLine("ie_pre_9", `${IE} 8 and older`, { IE: { below: 9 } }),
  oldLine("ie9", `${IE} 9`, { IE: { from: 9, below: 10 } }),
  oldLine("ie10", `${IE} 10`, { IE: { from: 10, below: 11 } }),
  oldLine("ie11", `${IE} 11`, { IE: { from: 11, below: 12 } }),
  oldLine("opera_pre_15", "Opera 14 and older", { Opera: { below: 15 } }),
  oldLine("opera_mini_pre_8", "Opera Mini 7 and older", { "Opera Mini": { below: 8 } }),
  oldLine("android_pre_4", "Android's own browser 3 and older", { Android: { below: 4 } }),
  oldLine("safari_pre_6", "Safari 5 and older", { Safari: { below: 6 } }),
  oldLine("edge_pre_79", "Edge 78 and older", { Edge: { below: 79 } }),
]

function line(id: string, label: string, versions: Line["versions"]): Line {
  return { id, label, versions, isOld: false }
}

function oldLine(id: string, label: string, versions: Line["versions"]): Line {
  return { ...line(id, label, versions), isOld: true }
}

/** The browser's name and version when it stands behind one of the lines. Unknown lines and browsers without a version let pass. */
export function findLegacyBrowser(event: NormalizedEvent, lines: readonly Line[]): string | null {
  const { browser } = readUserAgent(userAgentOf(event))
  if (!browser?.version) return null
  const family = browser.name === "IE Mobile" ? "IE" : browser.name
  const major = Number.parseInt(browser.version, 10)
  const isLegacy = lines.some(({ versions }) => {
    const known = Object.hasOwn(versions, family) ? versions[family] : undefined
    return known !== undefined && major >= (known.from ?? 0) && major < known.below
  })
  return isLegacy ? `${browser.name} ${browser.version}` : null
}

export function legacyLines(ids: readonly string[]): Line[] {
  return LEGACY_BROWSERS.filter(({ id }) => ids.includes(id))
}
