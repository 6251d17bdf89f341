import type { Db } from "#platform/db.ts"
import type { MailKind } from "./queue-mail.ts"

export type MailDelivery = {
  id: string
  kind: MailKind
  recipient: string
  subject: string
  status: "queued" | "sent" | "failed"
  attempts: number
  reply: string | null
  createdAt: Date
  sentAt: Date | null
}

/** Returns the new row's id, or null when this news was already mailed to this person. */
export async function insertMailDelivery(
  db: Db,
  mail: { kind: MailKind; recipient: string; subject: string; idempotencyKey: string },
): Promise<string | null> {
  const [row] = await db<{ id: string }[]>`
    insert into mail_deliveries (idempotency_key, kind, recipient, subject)
    values (${mail.idempotencyKey}, ${mail.kind}, ${mail.recipient}, ${mail.subject})
    on conflict (idempotency_key) do nothing
    returning id`
  return row?.id ?? null
}

export async function findMailDelivery(db: Db, id: string): Promise<MailDelivery | null> {
  const [row] = await db<MailDelivery[]>`
    select id, kind, recipient, subject, status, attempts, reply, created_at, sent_at
    from mail_deliveries where id = ${id}`
  return row ?? null
}

/** The last mails, newest first: the status page. */
export function listMailDeliveries(db: Db, limit: number) {
  return db<MailDelivery[]>`
    select id, kind, recipient, subject, status, attempts, reply, created_at, sent_at
    from mail_deliveries order by id desc limit ${limit}`
}

/** An attempt is over. `sent` mails stay sent whatever a late second attempt says. */
export async function updateMailDelivery(
  db: Db,
  id: string,
  result: { status: "queued" | "sent" | "failed"; reply: string },
): Promise<void> {
  await db`
    update mail_deliveries
    set status = ${result.status}, reply = ${result.reply.slice(0, 1000)}, attempts = attempts + 1,
      sent_at = case when ${result.status} = 'sent' then now() end
    where id = ${id} and status <> 'sent'`
}

/** The subject all mails of an issue carry: the given one the first time, the first one ever after. */
export async function recordThreadSubject(
  db: Db,
  thread: { projectId: string; issueId: string; subject: string },
): Promise<string> {
  const [row] = await db<{ subject: string }[]>`
    insert into issue_mail_threads ${db(thread, "projectId", "issueId", "subject")}
    on conflict (project_id, issue_id) do update set subject = issue_mail_threads.subject
    returning subject`
  if (!row) throw new Error("insert returned no row")
  return row.subject
}

/** The threads of issues that are no more. */
export async function deleteThreadSubjects(
  db: Db,
  issues: readonly { projectId: string; id: string }[],
): Promise<void> {
  await db`
    delete from issue_mail_threads where (project_id, issue_id) in (
      select * from unnest(
        ${issues.map((issue) => issue.projectId)}::bigint[], ${issues.map((issue) => issue.id)}::bigint[]))`
}

export async function deleteOldMailDeliveries(db: Db, before: Date): Promise<number> {
  const result = await db`delete from mail_deliveries where created_at < ${before}`
  return result.count
}
