import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { findRelease } from "#releases/catalog-store.ts"
import { readNeighbours } from "#releases/neighbours.ts"
import type { WebContext } from "../../context.ts"
import { shellOf } from "../shell.ts"
import type { ReleaseFrame } from "./release-layout.tsx"

/** What every page of the release in the path needs. Throws not_found. */
export async function frameOf(app: App, c: WebContext): Promise<ReleaseFrame> {
  const { organizationId, slug } = c.var.membership
  const release = await findRelease(app.sql, organizationId, c.req.param("version") ?? "")
  if (!release) throw new AppError("not_found", "There is no such release.")
  const neighbours = await readNeighbours(app.sql, organizationId, release)
  return { shell: shellOf(app, c), org: slug, release, neighbours }
}
