const BASE = "http://here.invalid"

/** Where to go after log-in: a path of this site, whatever was asked for; "/" otherwise. */
export function nextPath(wanted: string | undefined): string {
  if (!wanted?.startsWith("/") || wanted.length > 2000 || !URL.canParse(wanted, BASE)) return "/"
  // Browsers read backslashes as slashes and drop tabs and newlines, so the parsed form is what is judged and returned.
  const url = new URL(wanted, BASE)
  const path = url.pathname + url.search
  return url.origin === BASE && !/^\/[/\\]/.test(path) && !/^\/%(2f|5c)/i.test(path) ? path : "/"
}
