import type { Db } from "#platform/db.ts"

export type FailureCounts = {
  /** For this account from this address since `since`. */
  pair: number
  /** The last of them. */
  pairLastAt: Date | null
  /** From this address in the last minute, whatever the account. */
  address: number
  /** For this account in the last minute, from anywhere. */
  account: number
  /** The address is one that this account has a session from. */
  isKnownAddress: boolean
}

export async function insertLoginFailure(
  db: Db,
  failure: { email: string; network: string; failedAt: Date },
): Promise<string> {
  const [row] = await db<{ id: string }[]>`
    insert into login_failures (email, ip, failed_at)
    values (${failure.email}, ${failure.network}, ${failure.failedAt})
    returning id`
  return row?.id ?? ""
}

/** `network` is that of `ip` (networkOf), by which failures are kept; `exceptId` is the attempt under way. */
export async function countLoginFailures(
  db: Db,
  attempt: { email: string; network: string; ip: string; exceptId: string },
  times: { since: Date; minuteAgo: Date },
): Promise<FailureCounts> {
  const [row] = await db<FailureCounts[]>`
    select
      count(*) filter (where email = ${attempt.email} and ip = ${attempt.network})::int as pair,
      max(failed_at) filter (where email = ${attempt.email} and ip = ${attempt.network}) as pair_last_at,
      count(*) filter (where ip = ${attempt.network} and failed_at > ${times.minuteAgo})::int as address,
      count(*) filter (where email = ${attempt.email} and failed_at > ${times.minuteAgo})::int as account,
      exists (
        select 1 from sessions s join users u on u.id = s.user_id
        where u.email = ${attempt.email} and s.ip = ${attempt.ip}
      ) as is_known_address
    from login_failures
    where (email = ${attempt.email} or ip = ${attempt.network})
      and failed_at > ${times.since}
      and id <> ${attempt.exceptId}`
  if (!row) throw new Error("an aggregate without a row")
  return row
}

export async function deleteLoginFailure(db: Db, id: string): Promise<void> {
  await db`delete from login_failures where id = ${id}`
}

/** After a success the account starts afresh from this address. */
export async function deleteLoginFailures(db: Db, email: string, network: string): Promise<void> {
  await db`delete from login_failures where email = ${email} and ip = ${network}`
}

/** For cron. */
export async function deleteOldLoginFailures(db: Db, before: Date): Promise<number> {
  const { count } = await db`delete from login_failures where failed_at < ${before}`
  return count
}
