/** Where the URL points, without its secrets; for logs and health pages. */
export function describeRedis(url: string): string {
  return url.replace(/\/\/[^/]*@/, "//")
}

/** What a Redis URL says. The platform's URL parser knows no list of hosts. */
export function parseRedisUrl(url: string) {
  const match =
    /^(rediss?|redis\+(?:sentinel|cluster)):\/\/(?:([^@/]*)@)?([^@/?]+)((?:\/[^/?]*)*)$/.exec(url)
  if (!match) throw new Error(`not a Redis URL: ${describeRedis(url)}`)
  const [, scheme = "", login, hostList = "", path = ""] = match
  const [username = "", password = ""] = (login ?? "").split(":").map(decodeURIComponent)
  return {
    scheme,
    credentials: { ...(username ? { username } : {}), ...(password ? { password } : {}) },
    hosts: hostList.split(",").map(hostOf),
    path: path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent),
  }
}

function hostOf(text: string): { host: string; port?: number } {
  const match = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text.trim())
  if (!match?.[1]) throw new Error(`not a Redis host: ${text}`)
  const host = match[1].replace(/^\[|\]$/g, "")
  return match[2] ? { host, port: Number(match[2]) } : { host }
}
