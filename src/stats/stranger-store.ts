import type { Db } from "#platform/db.ts"
import type { StrangerCount } from "./stranger-book.ts"

export async function recordStrangers(db: Db, strangers: readonly StrangerCount[]): Promise<void> {
  const rows = [...new Map(strangers.map((each) => [keyOf(each), each])).values()]
  if (rows.length === 0) return
  await db`
    insert into strangers as known (
      public_key, project, reason, client, origin, address, requests, first_seen, last_seen)
    select * from unnest(
      ${rows.map((row) => row.publicKey)}::text[],
      ${rows.map((row) => row.project)}::text[],
      ${rows.map((row) => row.reason)}::text[],
      ${rows.map((row) => row.client)}::text[],
      ${rows.map((row) => row.origin)}::text[],
      ${rows.map((row) => row.address)}::text[],
      ${rows.map((row) => row.requests)}::bigint[],
      ${rows.map((row) => row.firstSeen.toISOString())}::timestamptz[],
      ${rows.map((row) => row.lastSeen.toISOString())}::timestamptz[]
    ) as seen (public_key, project, reason, client, origin, address, requests, first_seen, last_seen)
    order by public_key, project, reason
    on conflict (public_key, project, reason) do update set
      client = excluded.client, origin = excluded.origin, address = excluded.address,
      requests = known.requests + excluded.requests,
      last_seen = greatest(known.last_seen, excluded.last_seen)`
}

const keyOf = ({ publicKey, project, reason }: StrangerCount) =>
  `${publicKey}\n${project}\n${reason}`

/** What is known of the key that they use. */
export type SeenStranger = StrangerCount & {
  /** The project that the key belongs to; null: the key does not exist. */
  keyProject: string | null
  keyOrganization: string | null
  isKeyActive: boolean | null
}

/** Those seen last. */
export function listStrangers(db: Db, limit: number): Promise<SeenStranger[]> {
  return db<SeenStranger[]>`
    select s.public_key, s.project, s.reason, s.client, s.origin, s.address,
      s.requests::float8 as requests, s.first_seen, s.last_seen,
      k.slug as key_project, k.organization as key_organization, k.is_active as is_key_active
    from strangers s
    left join lateral (
      select p.slug, o.slug as organization, k.is_active
      from project_keys k
      join projects p on p.id = k.project_id
      join organizations o on o.id = p.organization_id
      where k.public_key = s.public_key and p.status = 'active'
      order by k.id limit 1
    ) k on true
    order by s.last_seen desc
    limit ${limit}`
}

/** Keeps as many of the last as `limit`, and none from before `since`. */
export async function deleteOldStrangers(
  db: Db,
  { limit, since }: { limit: number; since: Date },
): Promise<void> {
  await db`
    delete from strangers
    where last_seen < ${since}
      or last_seen <= (select last_seen from strangers order by last_seen desc offset ${limit} limit 1)`
}
