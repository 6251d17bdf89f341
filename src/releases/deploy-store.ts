import type { Db, Tx } from "#platform/db.ts"

export type Deploy = {
  id: string
  environment: string
  name: string | null
  url: string | null
  startedAt: Date | null
  finishedAt: Date
}

export async function insertDeploy(
  tx: Tx,
  releaseId: string,
  deploy: Omit<Deploy, "id">,
): Promise<Deploy> {
  const [row] = await tx<Deploy[]>`
    insert into deploys ${tx({ releaseId, ...deploy })}
    returning id, environment, name, url, started_at, finished_at`
  if (!row) throw new Error("insert returned no row")
  await tx`update releases set deploy_count = deploy_count + 1 where id = ${releaseId}`
  return row
}

/** Latest first. */
export function listDeploys(db: Db, releaseId: string, page: { limit: number; offset: number }) {
  return db<Deploy[]>`
    select id, environment, name, url, started_at, finished_at from deploys
    where release_id = ${releaseId}
    order by finished_at desc, id desc limit ${page.limit} offset ${page.offset}`
}

/** Of each release the latest deploy to each environment, latest first. */
export async function listLatestDeploys(
  db: Db,
  releaseIds: readonly string[],
): Promise<Map<string, Pick<Deploy, "environment" | "finishedAt">[]>> {
  const rows = await db<{ releaseId: string; environment: string; finishedAt: Date }[]>`
    select release_id, environment, max(finished_at) as finished_at from deploys
    where release_id = any(${[...releaseIds]}::bigint[])
    group by release_id, environment
    order by finished_at desc, environment`
  return Map.groupBy(rows, ({ releaseId }) => releaseId)
}
