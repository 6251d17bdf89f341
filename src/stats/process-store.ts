import type { Db } from "#platform/db.ts"

export type ProcessBeat = {
  /** Of this run of the process; see newProcessId. */
  id: string
  role: "web" | "worker" | "cron"
  host: string
  pid: number
  version: string
  startedAt: Date
}

/** Says that a process is alive; by the database's clock, which all hosts share. */
export async function recordHeartbeat(db: Db, beat: ProcessBeat): Promise<void> {
  await db`
    insert into processes (id, role, host, pid, version, started_at, beat_at)
    values (${beat.id}, ${beat.role}, ${beat.host}, ${beat.pid}, ${beat.version}, ${beat.startedAt}, now())
    on conflict (id) do update set beat_at = excluded.beat_at`
}

export async function deleteProcess(db: Db, id: string): Promise<void> {
  await db`delete from processes where id = ${id}`
}

/** Those that said something within the last `seconds`, by role. */
export async function listProcesses(
  db: Db,
  seconds: number,
): Promise<(ProcessBeat & { beatAt: Date })[]> {
  return await db<(ProcessBeat & { beatAt: Date })[]>`
    select id, role, host, pid, version, started_at, beat_at from processes
    where beat_at > now() - make_interval(secs => ${seconds})
    order by role, started_at`
}

export async function deleteSilentProcesses(db: Db, seconds: number): Promise<void> {
  await db`delete from processes where beat_at < now() - make_interval(secs => ${seconds})`
}

/** PostgreSQL's clock. */
export async function findDatabaseTime(db: Db): Promise<Date> {
  const [row] = await db<{ now: Date }[]>`select clock_timestamp() as now`
  return row?.now ?? new Date()
}
