import { urls } from "#urls.ts"

/** The stream of issues in any state, over the longest window. */
export function issuesHref(org: string, query: string, projectId: string | null = null): string {
  const search = new URLSearchParams({ query, statsPeriod: "90d" })
  if (projectId !== null) search.set("project", projectId)
  return `${urls.issues(org)}?${search}`
}

/** As the stream's search reads it: nothing in it stands for anything else. */
export const quoted = (text: string) => `"${text.replace(/["\\*]/g, "\\$&")}"`
