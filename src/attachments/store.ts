import type { KeptAttachment } from "#messages.ts"
import type { Db, Tx } from "#platform/db.ts"
import { addDays } from "#platform/partitions.ts"

/** An attachment ready to be stored. `receivedAt` is milliseconds since 1970. */
export type AttachmentRow = KeptAttachment & {
  projectId: string
  /** 32 hex digits. */
  eventId: string
  receivedDay: string
  receivedAt: number
}

export type Attachment = KeptAttachment & {
  id: string
  projectId: string
  eventId: string
  receivedAt: Date
}

export async function insertAttachments(tx: Tx, rows: readonly AttachmentRow[]): Promise<void> {
  await tx`
    insert into attachments ${tx(
      rows.map((row) => ({ ...row, receivedAt: new Date(row.receivedAt) })),
      "projectId",
      "eventId",
      "receivedDay",
      "receivedAt",
      "name",
      "type",
      "contentType",
      "size",
      "sha1",
      "preview",
      "blobKey",
    )}`
}

/** An event's attachments, `since` being the day when it was received: they may come after it, but hardly before. */
export function listAttachments(
  db: Db,
  event: { projectId: string; eventId: string; since: string },
  limit: number,
) {
  return db<Attachment[]>`
    ${attachmentsSql(db)}
    where project_id = ${event.projectId} and event_id = ${event.eventId}::uuid
      and received_day >= ${addDays(event.since, -1)}::date
    order by id limit ${limit}`
}

export async function findAttachment(
  db: Db,
  key: { projectId: string; eventId: string; id: string },
): Promise<Attachment | null> {
  const [row] = await db<Attachment[]>`
    ${attachmentsSql(db)}
    where project_id = ${key.projectId} and event_id = ${key.eventId}::uuid and id = ${key.id}`
  return row ?? null
}

/** The sizes are numbers: they fit, and pages calculate with them. */
export function attachmentsSql(db: Db) {
  return db`
    select id, project_id, replace(event_id::text, '-', '') as event_id, received_at, name, type, content_type,
      size::float8 as size, sha1, preview, blob_key
    from attachments`
}

/** Removes one; true when it was there. Its blob is the caller's to delete. */
export async function deleteAttachment(db: Db, { projectId, eventId, id }: Attachment) {
  const result = await db`
    delete from attachments
    where project_id = ${projectId} and event_id = ${eventId}::uuid and id = ${id}`
  return result.count > 0
}

/** Removes up to `limit` attachments of these events; returns the keys of their blobs, which are the caller's to delete. */
export async function deleteEventAttachments(
  db: Db,
  events: readonly { projectId: string; eventId: string }[],
): Promise<string[]> {
  if (events.length === 0) return []
  const rows = await db<{ blobKey: string }[]>`
    delete from attachments
    where (project_id, event_id) in (select * from unnest(
      ${events.map((event) => event.projectId)}::bigint[], ${events.map((event) => event.eventId)}::uuid[]))
    returning blob_key`
  return rows.map((row) => row.blobKey)
}

/** Removes up to `limit` attachments of a project, also those whose event never came; returns the keys of their blobs. */
export async function deleteProjectAttachments(
  db: Db,
  projectId: string,
  limit: number,
): Promise<string[]> {
  const rows = await db<{ blobKey: string }[]>`
    delete from attachments where (tableoid, ctid) in (
      select tableoid, ctid from attachments where project_id = ${projectId} limit ${limit})
    returning blob_key`
  return rows.map((row) => row.blobKey)
}
