import type { App } from "#app.ts"
import type { JobData } from "#jobs.ts"
import { updatePendingResolutions } from "./resolution-store.ts"

export async function settleResolutions(
  app: Pick<App, "sql" | "log">,
  link: JobData<"settle-resolutions">,
): Promise<void> {
  const settled = await app.sql.begin((tx) => updatePendingResolutions(tx, link))
  if (settled > 0) app.log.info({ ...link, issues: settled }, "resolutions settled")
}
