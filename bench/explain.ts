/**
 * The ten page queries with their EXPLAIN at 1,000,000 events: `bun bench/explain.ts postgres://… > sql/page-queries.txt`.
 * A query that gets slow here gets slow on every page of every installation.
 */
import { parseArgs } from "node:util"
import { seedDatabase } from "./seed.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: "string", default: "1000000" },
    issues: { type: "string", default: "10000" },
    days: { type: "string", default: "30" },
    database: { type: "string", default: "sl_explain" },
  },
})
const server = positionals[0] ?? "postgres://postgres@127.0.0.1:5432"

const queries: { page: string; text: string }[] = [
  {
    page: "stream, unresolved, newest first",
    text: `select id, title, culprit, level, times_seen, users_seen, last_seen from issues
where organization_id = 1 and status = 0 and project_id in (1, 2, 3)
order by last_seen desc, id desc limit 26`,
  },
  {
    page: "stream, a rare tag value and free text",
    text: `select i.id, i.title from issues i
where i.organization_id = 1 and i.status = 0 and i.project_id in (1, 2, 3) and exists (select 1 from issue_texts s
    where s.project_id = i.project_id and s.issue_id = i.id and s.search_text ilike '%customer_12%')
  and exists (select 1 from issue_tag_values t
    where t.project_id = i.project_id and t.issue_id = i.id and t.key = 'browser' and t.value = 'Firefox 7')
order by i.last_seen desc, i.id desc limit 26`,
  },
  {
    page: "stream, sorted by events of 14 days in one environment",
    text: `select i.id, sum(h.events) as n from issue_hours h
join issues i on i.project_id = h.project_id and i.id = h.issue_id
where h.project_id in (1, 2, 3) and h.environment_id in (1, 4, 7) and h.hour >= now() - interval '14 days'
  and i.organization_id = 1 and i.status = 0
group by i.id order by n desc, i.id desc limit 26`,
  },
  {
    page: "stream, sparklines of 25 rows, 24 hours",
    text: `select issue_id, hour, sum(events) from issue_hours
where project_id in (1, 2, 3) and issue_id in (select id from issues where organization_id = 1 and status = 0 order by last_seen desc, id desc limit 25)
  and hour >= now() - interval '24 hours'
group by issue_id, hour`,
  },
  {
    page: "stream, bounded count of matches",
    text: `select count(*) from (select 1 from issues where organization_id = 1 and status = 0 and project_id in (1, 2, 3) limit 10001) n`,
  },
  {
    page: "issue, latest event",
    text: `select event_id, received_at, payload from events
where project_id = 2 and issue_id = 1 and received_day between current_date - 30 and current_date
order by received_day desc, received_at desc limit 1`,
  },
  {
    page: "issue, next older event",
    text: `select event_id from events
where project_id = 2 and issue_id = 1 and received_day between current_date - 30 and current_date - 3
  and (received_day, received_at) < (current_date - 3, now() - interval '3 days')
order by received_day desc, received_at desc limit 1`,
  },
  {
    page: "issue, tag shares: five values of six keys",
    text: `select k.key, k.events as with_key, v.value, v.events from issue_tag_keys k
cross join lateral (select value, events from issue_tag_values v
  where v.project_id = k.project_id and v.issue_id = k.issue_id and v.key = k.key order by events desc limit 5) v
where k.project_id = 2 and k.issue_id = 1`,
  },
  {
    page: "issue, graph of 30 days",
    text: `select hour, sum(events) from issue_hours
where project_id = 2 and issue_id = 1 and hour >= now() - interval '30 days' group by hour order by hour`,
  },
  {
    page: "issue, event list filtered by a tag",
    text: `select event_id, received_at, title from events
where project_id = 2 and issue_id = 1 and received_day between current_date - 30 and current_date
  and terms @> array[hashtext('server=7')]
order by received_day desc, received_at desc limit 51`,
  },
]

const size = {
  events: Number(values.events),
  issues: Number(values.issues),
  days: Number(values.days),
}
console.error(`seeding ${size.events} events in ${size.issues} issues`)
const sql = await seedDatabase(server, values.database, size)
const [version] = await sql`show server_version`
console.log(
  `-- ${size.events} events, ${size.issues} issues, ${size.days} days; PostgreSQL ${version?.serverVersion}; second run of each\n`,
)
for (const [index, query] of queries.entries()) {
  await sql.unsafe(query.text)
  const plan = await sql.unsafe(
    `explain (analyze, buffers, costs off, timing off, summary on) ${query.text}`,
  )
  const lines = plan.map((row) => String(Object.values(row)[0]))
  console.log(`-- ${index + 1}. ${query.page}\n${query.text};\n`)
  console.log(`${summaryOf(lines).join("\n")}\n`)
}
await sql.end()

/** Partition-by-partition repetition says nothing new: the first three of a run stand for all. */
function summaryOf(lines: string[]): string[] {
  let run = 0
  return lines.filter((line) => {
    if (
      !/_20\d{6}/.test(line) &&
      !/^\s+(Index Cond|Filter|Recheck Cond|Buffers|Rows Removed|Heap)/.test(line)
    )
      run = 0
    if (/_20\d{6}/.test(line)) run++
    return run <= 3
  })
}
