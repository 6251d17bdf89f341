import { migrations } from "#migrations.ts"
import { connect, type Sql } from "#platform/db.ts"
import { migrate } from "#platform/migrate.ts"

export type SeedSize = { issues: number; events: number; days: number }

/** Makes database `name` anew with one organization, three projects and the given number of issues and events, by SQL alone. */
export async function seedDatabase(server: string, name: string, size: SeedSize): Promise<Sql> {
  const admin = connect(`${server}/postgres`, { max: 1 })
  await admin.unsafe(`drop database if exists ${name} with (force)`)
  await admin.unsafe(`create database ${name}`)
  await admin.end()
  const sql = connect(`${server}/${name}`, { max: 2 })
  await migrate(sql, migrations)
  await makePartitions(sql, size.days)
  await sql.unsafe(people)
  await sql.unsafe(issues(size))
  await sql.unsafe(events(size))
  await sql.unsafe(derived)
  await sql`vacuum analyze`
  return sql
}

async function makePartitions(sql: Sql, days: number) {
  for (let back = -1; back <= days; back++) {
    const from = new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10)
    const to = new Date(Date.parse(from) + 86_400_000).toISOString().slice(0, 10)
    const suffix = from.replaceAll("-", "")
    for (const table of ["events", "consumed", "issue_hours", "outcome_hours"]) {
      await sql.unsafe(
        `create table ${table}_${suffix} partition of ${table} for values from ('${from}') to ('${to}')`,
      )
    }
  }
}

const people = `
  insert into users (email, name) select 'user' || i || '@example.test', 'User ' || i from generate_series(1, 20) i;
  insert into organizations (slug, name) values ('acme', 'Acme');
  insert into org_members (organization_id, user_id, email, role)
    select 1, id, email, case when id = 1 then 'owner' else 'member' end from users;
  insert into projects (organization_id, slug, name, platform, first_event_at)
    values (1, 'backend', 'Backend', 'python', now()), (1, 'web', 'Web', 'javascript', now()), (1, 'jobs', 'Jobs', 'node', now());
  insert into project_counters (project_id, last_short_id) select id, 1000000 from projects;
  insert into project_keys (project_id, public_key, secret_key)
    select id, md5(id::text), md5('s' || id) from projects;
  insert into environments (project_id, name)
    select p.id, e from projects p, unnest(array['production', 'staging', '']) e;
  insert into releases (organization_id, version) select 1, '2.' || i || '.0' from generate_series(1, 50) i;
`

const issues = (size: SeedSize) => `
  insert into issues (project_id, organization_id, short_id, status, substatus, type, level, platform, title, culprit, metadata,
    first_seen, last_seen, first_received_day, last_received_day, active_at, first_release_id, last_release_id)
  select 1 + i % 3, 1, i, case when i % 5 = 0 then 1 when i % 11 = 0 then 2 else 0 end,
    case when i % 5 = 0 or i % 11 = 0 then null when i % 3 = 0 then 'new' else 'ongoing' end,
    'error', (array[20, 30, 40, 40, 50])[1 + i % 5], 'python',
    'TypeError: cannot read customer_' || i, 'app/billing/invoice_' || i % 400 || '.py in render_total',
    jsonb_build_object('type', 'TypeError', 'value', 'cannot read customer_' || i),
    now(), now(), current_date, current_date, now(), 1 + i % 50, 1 + i % 50
  from generate_series(1, ${size.issues}) i;
  insert into issue_texts (project_id, issue_id, search_text)
    select project_id, id, title || ' ' || culprit from issues;
  insert into issue_hashes (project_id, hash, issue_id) select project_id, md5(id::text), id from issues;
`

/** Few issues make most of the traffic, as everywhere: issue = issues * random^3. */
const events = (size: SeedSize) => `
  insert into events (project_id, event_id, received_day, received_at, occurred_at, issue_id, hash_id, type, level, platform,
    environment_id, release_id, user_hash, title, terms, payload)
  select 1 + issue % 3, md5(i::text)::uuid, at::date, at, at - interval '1 second', issue, issue, 'error', 40, 'python',
    (select id from environments where project_id = 1 + issue % 3 order by id offset i % 3 limit 1),
    1 + i % 50, (i::bigint * 7919) % 20000, 'TypeError: cannot read customer_' || issue,
    array[hashtext('environment=' || i % 3), hashtext('release=' || i % 50), hashtext('server=' || i % 40), hashtext('url=' || i % 3000),
      hashtext('browser=' || i % 30), hashtext('user=' || (i::bigint * 7919) % 20000), hashtext('level=error'), hashtext('os=' || i % 12)],
    '\\x01'::bytea || decode(repeat(md5(i::text), 120), 'hex')
  from (
    select i, least(now(), now() - random() * interval '${size.days} days') as at,
      1 + floor(${size.issues} * power(random(), 3))::bigint as issue
    from generate_series(1, ${size.events}) i
  ) source;
`

const derived = `
  insert into issue_hours (project_id, issue_id, environment_id, hour, events)
    select project_id, issue_id, environment_id, date_trunc('hour', received_at), count(*) from events group by 1, 2, 3, 4;
  insert into issue_users (project_id, issue_id, user_hash)
    select distinct project_id, issue_id, user_hash from events;
  update issues set times_seen = e.n, first_seen = e.first, last_seen = e.last,
    first_received_day = e.first::date, last_received_day = e.last::date
    from (select issue_id, count(*) as n, min(received_at) as first, max(received_at) as last from events group by 1) e
    where e.issue_id = issues.id;
  update issues set users_seen = u.n from (select issue_id, count(*) as n from issue_users group by 1) u where u.issue_id = issues.id;
  insert into issue_tag_values (project_id, issue_id, key, value, events, first_seen, last_seen)
    select project_id, issue_id, key, value, count(*), min(received_at), max(received_at)
    from (
      select project_id, issue_id, received_at, key, value
      from events, lateral (values ('release', '2.' || (1 + hash_id % 50) || '.0'), ('browser', 'Firefox ' || user_hash % 30),
        ('server_name', 'web-' || user_hash % 40), ('os', 'Linux ' || user_hash % 12),
        ('environment', (select name from environments where id = environment_id))) t (key, value)
    ) tags group by 1, 2, 3, 4;
  insert into issue_tag_keys (project_id, issue_id, key, events, distinct_values)
    select project_id, issue_id, key, sum(events), count(*) from issue_tag_values group by 1, 2, 3;
  insert into tag_values (project_id, key, value, last_seen)
    select project_id, key, value, max(last_seen) from issue_tag_values group by 1, 2, 3;
  insert into outcome_hours (project_id, key_id, hour, category, outcome, quantity)
    select project_id, 1, date_trunc('hour', received_at), 'error', 'accepted', count(*) from events group by 1, 2, 3;
  insert into issue_activity (project_id, issue_id, type, created_at) select project_id, id, 'first_seen', first_seen from issues;
`
