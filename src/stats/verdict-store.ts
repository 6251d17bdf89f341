import type { Db } from "#platform/db.ts"
import type { ItemVerdict } from "./verdict-book.ts"

const MAX_CAUSE_CHARS = 300
const MAX_CLIENT_CHARS = 64

/** Adds verdicts; those of projects that are gone meanwhile are left out. */
export async function insertVerdicts(db: Db, verdicts: readonly ItemVerdict[]): Promise<void> {
  if (verdicts.length === 0) return
  await db`
    insert into verdicts
      (project_id, key_id, received_at, event_id, category, outcome, reason, cause, client)
    select project_id, key_id, received_at, event_id, category, outcome, reason, cause, client
    from unnest(
      ${verdicts.map((each) => each.projectId)}::bigint[],
      ${verdicts.map((each) => each.keyId)}::bigint[],
      ${verdicts.map((each) => new Date(each.receivedAt).toISOString())}::timestamptz[],
      ${verdicts.map((each) => each.eventId)}::uuid[],
      ${verdicts.map((each) => each.category)}::text[],
      ${verdicts.map((each) => each.outcome)}::text[],
      ${verdicts.map((each) => each.reason)}::text[],
      ${verdicts.map((each) => storable(each.cause, MAX_CAUSE_CHARS))}::text[],
      ${verdicts.map((each) => storable(each.client, MAX_CLIENT_CHARS))}::text[]
    ) with ordinality as noted
      (project_id, key_id, received_at, event_id, category, outcome, reason, cause, client, place)
    where exists (select 1 from projects p where p.id = noted.project_id)
    order by received_at, place`
}

/** PostgreSQL stores neither NUL nor half a character. */
function storable(text: string, maxChars: number): string {
  return text.slice(0, maxChars).replaceAll("\0", "").toWellFormed()
}

export type StoredVerdict = {
  id: string
  projectId: string
  keyId: string
  receivedAt: Date
  /** 32 hex digits. */
  eventId: string | null
  category: string
  outcome: string
  reason: string
  cause: string
  client: string
}

export type VerdictFilter = {
  projectIds: readonly string[]
  eventId?: string | null
  keyId?: string | null
  /** Not newer than this. */
  until?: Date | null
}

/** Newest first. */
export function listVerdicts(
  db: Db,
  { projectIds, eventId = null, keyId = null, until = null }: VerdictFilter,
  page: { limit: number; offset: number },
): Promise<StoredVerdict[]> {
  return db<StoredVerdict[]>`
    select id, project_id, key_id, received_at, replace(event_id::text, '-', '') as event_id,
      category, outcome, reason, cause, client
    from verdicts
    where project_id = any(${[...projectIds]}::bigint[])
      and (${eventId}::uuid is null or event_id = ${eventId}::uuid)
      and (${keyId}::bigint is null or key_id = ${keyId}::bigint)
      and (${until}::timestamptz is null or received_at <= ${until}::timestamptz)
    order by received_at desc, id desc
    limit ${page.limit} offset ${page.offset}`
}

/** Keeps the newest of each project, as many as `perProject`, and none from before `since`. */
export async function deleteOldVerdicts(
  db: Db,
  { perProject, since }: { perProject: number; since: Date },
): Promise<void> {
  await db`delete from verdicts where received_at < ${since}`
  await db`
    delete from verdicts v
    using projects p, lateral (
      select received_at, id from verdicts each where each.project_id = p.id
      order by received_at desc, id desc offset ${perProject} limit 1
    ) as first_too_many
    where v.project_id = p.id
      and (v.received_at, v.id) <= (first_too_many.received_at, first_too_many.id)`
}
