/**
 * The page queries with their EXPLAIN at 1,000,000 events: `bun bench/explain.ts postgres://… [--keep] > sql/page-queries.txt`.
 * A query that gets slow here gets slow on every page of every installation.
 */
import { parseArgs } from "node:util"
import { connect } from "../src/platform/db.ts"
import { seedDatabase } from "./seed.ts"

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    events: { type: "string", default: "1000000" },
    issues: { type: "string", default: "10000" },
    days: { type: "string", default: "30" },
    database: { type: "string", default: "sl_explain" },
    /** The database of the last run as it is. */
    keep: { type: "boolean", default: false },
  },
})
const server = positionals[0] ?? "postgres://postgres@127.0.0.1:5432"

/** Times as the pages send them: constants, which is what lets PostgreSQL leave partitions out while it plans. */
const daysAgo = (days: number) => {
  const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000
  return `timestamptz '${new Date(hour - days * 86_400_000).toISOString()}'`
}
const inScope = `i.organization_id = 1 and i.project_id = any('{1,2,3}'::bigint[]) and i.status <= 2
  and i.last_seen >= ${daysAgo(14)} and i.status = 0`

/** The heart of each page's statement; what the stream joins to its 26 rows is left out. */
const queries: { page: string; text: string }[] = [
  {
    page: "stream, unresolved, newest first",
    text: `select i.project_id, i.id, i.last_seen as key from issues i
where ${inScope}
order by key desc, i.id desc limit 26`,
  },
  {
    page: "stream, a tag value and free text",
    text: `select i.project_id, i.id, i.last_seen as key from issues i
where ${inScope}
  and (i.project_id, i.id) in (select t.project_id, t.issue_id from issue_texts t
    where t.project_id = any('{1,2,3}'::bigint[]) and t.search_text ilike '%customer\\_12%' offset 0)
  and (i.project_id, i.id) in (select v.project_id, v.issue_id from issue_tag_values v
    where v.project_id = any('{1,2,3}'::bigint[]) and v.key = 'browser' and v.value = any('{Firefox 7}'::text[]) offset 0)
order by key desc, i.id desc limit 26`,
  },
  {
    page: "stream, newest first in one environment",
    text: `select i.project_id, i.id, i.last_seen as key from issues i
where ${inScope}
  and (((i.project_id, i.id) in (select v.project_id, v.issue_id from issue_tag_values v
      where v.project_id = any('{1,2,3}'::bigint[]) and v.key = 'environment' and v.value = any('{production}'::text[]))) is true
    and exists (select from issue_tag_values v
      where v.project_id = i.project_id and v.issue_id = i.id and v.key = 'environment' and v.value = any('{production}'::text[])
        and v.last_seen >= ${daysAgo(14)} offset 0))
order by key desc, i.id desc limit 26`,
  },
  {
    page: "stream, sorted by events of 14 days: the busiest ever bound it",
    text: `with busiest as materialized (
  select i.project_id, i.id, i.times_seen from issues i where ${inScope}
  order by i.times_seen desc, i.id desc limit 104
)
select i.project_id, i.id, f.events as key
from busiest i cross join lateral (
  select coalesce(sum(h.events), 0) as events from issue_hours h
  where h.project_id = i.project_id and h.issue_id = i.id and h.hour >= ${daysAgo(14)}
) f
order by key desc, i.id desc limit 26`,
  },
  {
    page: "stream, sorted by events of 14 days in one environment",
    text: `select i.project_id, i.id, coalesce(f.events, 0) as key
from issues i join (
  select h.issue_id, sum(h.events) as events from issue_hours h
  where h.project_id = any('{1,2,3}'::bigint[]) and h.hour >= ${daysAgo(14)}
    and h.environment_id = any(array(select e.id from environments e
      where e.project_id = any('{1,2,3}'::bigint[]) and e.name = any('{production}'::text[])))
  group by h.issue_id
) f on f.issue_id = i.id
where ${inScope}
order by key desc, i.id desc limit 26`,
  },
  {
    page: "stream, sparklines of 25 rows, 14 days",
    text: `select wanted.id, found.bucket, found.events
from (select i.project_id, i.id from issues i where ${inScope} order by i.last_seen desc, i.id desc limit 25) as wanted
cross join lateral (
  select width_bucket(h.hour, array[${daysAgo(14)}, ${daysAgo(7)}, ${daysAgo(1)}]) as bucket, sum(h.events)::int as events
  from issue_hours h
  where h.project_id = wanted.project_id and h.issue_id = wanted.id and h.hour >= ${daysAgo(14)} and h.hour <= ${daysAgo(0)}
  group by bucket
) as found`,
  },
  {
    page: "stream, bounded count of matches",
    text: `select count(*) from (select from issues i where ${inScope} limit 10001) as found`,
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
const sql = values.keep
  ? connect(`${server}/${values.database}`, { max: 2 })
  : await seedDatabase(server, values.database, size)
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
