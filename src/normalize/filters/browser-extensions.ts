import type { Exception, NormalizedEvent } from "../event.ts"

/** In lower case: what the messages of well-known extensions and injected scripts contain. */
const MESSAGES = [
  "top.globals",
  "originalcreatenotification",
  "canvas.contentdocument",
  "myapp_removeallhighlights",
  "http://tt.epicplay.com",
  "can't find variable: zitereader",
  "jigsaw is not defined",
  "combosearch is not defined",
  "http://loading.retry.widdit.com/",
  "atomicfindclose",
  "fb_xd_fragment",
  "bmi_safeaddonload",
  "ebcallbackmessagereceived",
  "_gcrweb",
  "conduitpage",
  "null is not an object (evaluating 'elt.parentnode')",
  "plugin.setsuspendstate is not a function",
  "extension context invalidated",
  "webkit-masked-url:",
  "can't access dead object",
]
const SOURCES = [
  "graph.facebook.com",
  "connect.facebook.net",
  "eatdifferent.com.woopra-ns.com",
  "static.woopra.com/js/woopra.js",
  "127.0.0.1:4001/isrunning",
  "webappstoolbarba.texthelp.com/",
  "metrics.itunes.apple.com.edgesuite.net/",
  "kaspersky-labs.com",
  "webkit-masked-url",
]
const SCHEMES = [
  "chrome://",
  "chrome-extension://",
  "moz-extension://",
  "safari-extension://",
  "safari-web-extension://",
]

/** The message or the address of the script that gives an extension of the browser away. */
export function findBrowserExtension({ exception }: NormalizedEvent): string | null {
  const [first] = exception?.values ?? []
  if (!first) return null
  const message = first.value?.toLowerCase() ?? ""
  if (MESSAGES.some((part) => message.includes(part))) return first.value ?? ""
  const source = sourceOf(first)
  const lower = source.toLowerCase()
  const isForeign =
    SCHEMES.some((scheme) => lower.startsWith(scheme)) ||
    SOURCES.some((part) => lower.includes(part))
  return isForeign ? source : null
}

/** Where it was thrown, as far as that has a name. */
function sourceOf({ stacktrace }: Exception): string {
  const frame = stacktrace?.frames.findLast(
    ({ abs_path }) => abs_path !== "<anonymous>" && abs_path !== "[native code]",
  )
  return frame?.abs_path ?? ""
}
