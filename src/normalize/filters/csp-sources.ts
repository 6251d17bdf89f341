import { matchesOrigin, type Origin, originPattern } from "#protocol/origin.ts"
import type { NormalizedEvent } from "../event.ts"

/** Browsers' own pages, extensions, and what toolbars and providers put into pages of others. */
const DEFAULT_SOURCES = (
  "about ms-browser-extension chrome://* chrome-extension://* chromeinvokeimmediate://* chromenull://* " +
  "safari-extension://* safari-web-extension://* moz-extension://* mxaddon-pkg://* jar://* webviewprogressproxy://* " +
  "ms-browser-extension://* tmtbff://* mbinit://* symres://* resource://* *.metrext.com static.image2play.com " +
  "*.tlscdn.com 73a5b0806e464be8bd4e694c744624f0.com 020dfefc4ac745dab7594f2f771c1ded.com *.superfish.com " +
  "addons.mozilla.org v.zilionfast.in widgets.amung.us xls.searchfun.in istatic.datafastguru.info localhost " +
  "resultshub-a.akamaihd.net pulseadnetwork.com gateway.zscalertwo.net www.passpack.com " +
  "middlerush-a.akamaihd.net www.websmartcenter.com a.linkluster.com saveyoutime.ru cdncache-a.akamaihd.net " +
  "x.rafomedia.com savingsslider-a.akamaihd.net injections.adguard.com icontent.us amiok.org connectionstrenth.com " +
  "siteheart.net netanalitics.space printapplink.com godlinkapp.com devappstor.com hoholikik.club smartlink.cool " +
  "promfflinkdev.com"
).split(" ")

type CspSource = { text: string; pattern: Origin }

const DEFAULTS = DEFAULT_SOURCES.map(sourceOf)

export function cspSources(own: readonly string[], withDefaults: boolean): CspSource[] {
  return [...(withDefaults ? DEFAULTS : []), ...own.map(sourceOf)]
}

function sourceOf(text: string): CspSource {
  return { text, pattern: originPattern(text) }
}

/** The source of the list that was blocked, or whose script was, and the address that says so. */
export function findCspSource(
  { csp }: NormalizedEvent,
  sources: readonly CspSource[],
): { rule: string; found: string } | null {
  if (!csp) return null
  for (const address of [csp.blocked_uri, csp.source_file]) {
    if (typeof address !== "string" || address === "") continue
    const origin = blockedOrigin(address)
    const source = sources.find(({ pattern }) => matchesOrigin(pattern, origin))
    if (source) return { rule: source.text, found: address }
  }
  return null
}

/** Of what is no web address browsers tell the scheme alone (`chrome-extension`), or one word (`about`). */
function blockedOrigin(address: string): Origin {
  const lower = address.trim().toLowerCase()
  if (lower.includes("://")) return originPattern(lower)
  const word = lower.split(":", 1)[0] ?? ""
  return { scheme: word, host: word, port: "" }
}
