import type { Sql } from "#platform/db.ts"
import type { Ledger } from "./ledger.ts"

export type Verdict = {
  /** What was counted, in the words of the equations. */
  numbers: Record<string, number>
  /** Equations that do not hold; empty is what we want. */
  violations: string[]
}

/** Holds what is stored against what clients were told. To be asked when nothing waits any more. */
export async function judge(sql: Sql, ledger: Ledger): Promise<Verdict> {
  const stored = await storedEvents(sql)
  const counted = await countedOf(sql)
  const outcomes = await outcomesOf(sql)
  const of = (outcome: string) => outcomes.get(outcome) ?? 0
  const received = [...outcomes.values()].reduce((sum, quantity) => sum + quantity, 0)
  const lost = [...ledger.acknowledged].filter((id) => !stored.has(id)).length
  const numbers = {
    requests: ledger.requests,
    acknowledgedRequests: ledger.acknowledgedRequests,
    unansweredRequests: ledger.unansweredRequests,
    refusedRequests: [...ledger.refused.values()].reduce((sum, count) => sum + count, 0),
    acknowledged: ledger.acknowledged.size,
    stored: stored.size,
    lost,
    received,
    accepted: of("accepted "),
    repeats: of("invalid duplicate"),
    slowestMs: Math.round(ledger.slowestMs),
    ...counted,
  }
  const strangers = [...stored.keys()].filter((id) => !ledger.sent.has(id)).length
  const holds: Record<string, boolean> = {
    "every acknowledged event is stored": lost === 0,
    "nothing is stored that was not sent": strangers === 0,
    "each event is stored once": counted.rows === stored.size,
    "each event is in its own group": ![...stored].some(
      ([id, tree]) => ledger.sent.get(id) !== tree,
    ),
    "sum of times_seen = rows": counted.timesSeen === counted.rows,
    "sum of issue_hours = rows": counted.issueHours === counted.rows,
    "every issue's counters are those of its rows": counted.wrongIssues === 0,
    "tags are counted as often as their events": counted.tagged === counted.rows,
    "one task for each new issue": counted.newIssueTasks === counted.issues,
    "outcome accepted = rows": of("accepted ") === counted.rows,
    "received = accepted + repeats": received === of("accepted ") + of("invalid duplicate"),
    "received = messages that had their effect": received === counted.consumed,
    "received >= acknowledged requests": received >= ledger.acknowledgedRequests,
    "received <= acknowledged and unanswered requests":
      received <= ledger.acknowledgedRequests + ledger.unansweredRequests,
    "no dead letters": counted.deadLetters === 0,
    [`no answer but 200: ${[...ledger.refused].join(" ")}`]: ledger.refused.size === 0,
  }
  return { numbers, violations: Object.keys(holds).filter((equation) => !holds[equation]) }
}

/** Event id -> the group in its issue's title. */
async function storedEvents(sql: Sql): Promise<Map<string, string>> {
  const rows = await sql<{ id: string; type: string }[]>`
    select replace(e.event_id::text, '-', '') id, i.metadata ->> 'type' as type
    from events e join issues i on i.project_id = e.project_id and i.id = e.issue_id`
  return new Map(rows.map(({ id, type }) => [id, type.replace(/Error$/, "")]))
}

async function countedOf(sql: Sql) {
  const [row] = await sql<
    {
      rows: number
      issues: number
      timesSeen: number
      issueHours: number
      tagged: number
      consumed: number
      deadLetters: number
      newIssueTasks: number
    }[]
  >`
    select
      (select count(*) from events)::int as rows,
      (select count(*) from issues)::int as issues,
      (select coalesce(sum(times_seen), 0) from issues)::int as times_seen,
      (select coalesce(sum(events), 0) from issue_hours)::int as issue_hours,
      (select coalesce(sum(events), 0) from issue_tag_values where key = 'tree')::int as tagged,
      (select count(*) from consumed)::int as consumed,
      (select count(*) from dead_letters)::int as dead_letters,
      (select count(*) from pgboss.job where name = 'evaluate-alerts' and data->>'trigger' = 'new')::int
        as new_issue_tasks`
  const [wrong] = await sql<{ wrongIssues: number }[]>`
    select count(*)::int as wrong_issues from issues i,
      lateral (select count(*) n, count(distinct user_hash) users from events e
        where e.project_id = i.project_id and e.issue_id = i.id) has,
      lateral (select sum(events) n from issue_hours h
        where h.project_id = i.project_id and h.issue_id = i.id) hours
    where i.times_seen <> has.n or i.users_seen <> has.users or hours.n is distinct from has.n`
  return { ...row!, ...wrong! }
}

/** "outcome reason" -> items. */
async function outcomesOf(sql: Sql): Promise<Map<string, number>> {
  const rows = await sql<{ name: string; quantity: number }[]>`
    select outcome || ' ' || reason as name, sum(quantity)::int as quantity
    from outcome_hours group by 1`
  return new Map(rows.map(({ name, quantity }) => [name, quantity]))
}
