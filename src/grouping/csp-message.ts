import type { Violation } from "./csp.ts"

const LOCAL_KINDS: Record<string, string> = {
  "child-src": "'child'",
  "connect-src": "'connect'",
  "font-src": "'font'",
  "img-src": "'image'",
  "manifest-src": "'manifest'",
  "media-src": "'media'",
  "object-src": "'object'",
  "style-src": "'style'",
  "script-src": "'script'",
  "script-src-elem": "'script'",
  "style-src-elem": "'style'",
}

const LOCAL_MESSAGES: Record<string, string> = {
  "script-src": "Blocked unsafe (eval() or inline) 'script'",
  "script-src-attr": "Blocked unsafe 'script' element",
  "script-src-elem": "Blocked inline script attribute",
  "style-src-elem": "Blocked 'style' or 'link' element",
  "style-src-attr": "Blocked style attribute",
}

/** One sentence for a violated policy, as browsers' users of Sentry know them. */
export function violationMessage({ directive, uri, violated }: Violation): string {
  if (uri === "'self'") return localMessage(directive, violated)
  if (directive === "script-src" && uri === "inline:") return "Blocked unsafe inline 'script'"
  if (directive === "script-src" && uri === "eval:") return "Blocked unsafe eval() 'script'"
  if (directive === "form-action") return `Blocked 'form' action to '${uri}'`
  if (directive === "script-src-attr") return `Blocked inline script attribute from '${uri}'`
  if (directive === "style-src-attr") return `Blocked style attribute from '${uri}'`
  return `Blocked ${kindOf(directive)} from '${uri}'`
}

function localMessage(directive: string, violated: string): string {
  if (directive === "script-src" && violated.includes("'unsafe-inline'")) {
    return "Blocked unsafe inline 'script'"
  }
  if (directive === "script-src" && violated.includes("'unsafe-eval'")) {
    return "Blocked unsafe eval() 'script'"
  }
  if (Object.hasOwn(LOCAL_MESSAGES, directive)) return LOCAL_MESSAGES[directive] ?? ""
  return `Blocked inline ${kindOf(directive)}`
}

function kindOf(directive: string): string {
  const kind = Object.hasOwn(LOCAL_KINDS, directive) ? LOCAL_KINDS[directive] : undefined
  return kind ?? `'${directive}'`
}
