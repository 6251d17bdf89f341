import type { Db } from "#platform/db.ts"
import { type ProjectSettings, projectSettingsOf } from "./settings.ts"

/** Those of the projects that want files from the web. */
export async function listScrapingProjects(
  db: Db,
  ids: readonly string[],
): Promise<{ id: string; settings: ProjectSettings }[]> {
  const rows = await db<{ id: string; settings: unknown }[]>`
    select id, settings from projects
    where id = any(${[...ids]}::bigint[]) and settings -> 'scraping' ->> 'isOn' = 'true'`
  return rows.map(({ id, settings }) => ({ id, settings: projectSettingsOf(settings) }))
}
