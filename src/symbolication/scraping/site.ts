import type { Db } from "#platform/db.ts"
import { unseal } from "#platform/seal.ts"
import { SCRAPING_TOKEN_PURPOSE } from "#projects/scraping.ts"
import { listScrapingProjects } from "#projects/scraping-store.ts"
import type { ProjectSettings } from "#projects/settings.ts"
import { isOriginAllowed, originPattern } from "#protocol/origin.ts"

/** Where a project's files may be fetched from, and who we say we are. */
export type Site = {
  projectId: string
  permits(url: URL): boolean
  headersFor(url: URL): Record<string, string>
}

/** Of those projects that want files from the web. */
export async function sitesOf(
  db: Db,
  projectIds: readonly string[],
  secretKey: string,
): Promise<Map<string, Site>> {
  const projects = await listScrapingProjects(db, projectIds)
  return new Map(projects.map(({ id, settings }) => [id, siteOf(id, settings, secretKey)]))
}

export function siteOf(
  projectId: string,
  { allowedDomains, scraping }: Pick<ProjectSettings, "allowedDomains" | "scraping">,
  secretKey: string,
): Site {
  const token = openToken(scraping.sealedToken, secretKey)
  // "Any" is nobody's own.
  const own = allowedDomains.filter((pattern) => originPattern(pattern).host !== "*")
  const isOwn = (url: URL) => url.protocol === "https:" && isOriginAllowed(own, url.origin)
  return {
    projectId,
    permits: (url) => isOriginAllowed(allowedDomains, url.origin),
    headersFor: (url) => (token !== "" && isOwn(url) ? { "x-sentry-token": token } : {}),
  }
}

/** After a change of the secret key there is none. */
function openToken(sealed: string, secretKey: string): string {
  if (sealed === "") return ""
  try {
    const bytes = unseal(secretKey, SCRAPING_TOKEN_PURPOSE, Buffer.from(sealed, "base64"))
    return Buffer.from(bytes).toString()
  } catch {
    return ""
  }
}
