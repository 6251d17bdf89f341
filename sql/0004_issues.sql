-- owner: src/issues
-- since: 0.1.0

create extension if not exists pg_trgm;

-- fillfactor: the counters change with every batch; room on the page keeps these updates HOT.
create table issues (
  id bigint generated always as identity,
  project_id bigint not null references projects on delete cascade,
  organization_id bigint not null references organizations on delete cascade,
  short_id bigint not null,
  -- 0 unresolved, 1 resolved, 2 archived ("ignored" in Sentry's API), 3 deleting, 4 merging
  status smallint not null default 0,
  -- new ongoing regressed escalating | archived_until_escalating archived_until_condition_met archived_forever | null
  substatus text,
  -- error default csp ...
  type text not null,
  -- 10 debug .. 50 fatal
  level smallint not null,
  platform text not null,
  logger text,
  title text not null,
  culprit text not null default '',
  -- type value filename function title: what Sentry's API shows as metadata
  metadata jsonb not null default '{}',
  -- 25 low, 50 medium, 75 high
  priority smallint not null default 50,
  is_unhandled boolean not null default false,
  times_seen bigint not null default 0,
  -- distinct users; counting stops at 10,000
  users_seen int not null default 0,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  -- bounds of received_day of its events: readers of `events` must give them (partition pruning)
  first_received_day date not null,
  last_received_day date not null,
  first_release_id bigint references releases on delete set null,
  last_release_id bigint references releases on delete set null,
  -- when it last became unresolved (new or regressed)
  active_at timestamptz not null,
  assignee_user_id bigint references users on delete set null,
  assignee_team_id bigint references teams on delete set null,
  resolved_at timestamptz,
  resolved_by bigint references users on delete set null,
  -- null = plain "resolved"; in_release, in_next_release: resolved_release_id tells which
  resolution_type text,
  resolved_release_id bigint references releases on delete set null,
  -- archive conditions: until, untilCount, untilWindowMinutes, untilUsers, baselines, by
  archive_rule jsonb,
  comment_count int not null default 0,
  is_public boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (project_id, id),
  unique (project_id, short_id)
) with (fillfactor = 80);
-- URLs and the API name an issue by its id alone
create index issues_id_idx on issues (id);
-- the stream: one organization, one status, newest first
create index issues_organization_id_status_last_seen_idx on issues (organization_id, status, last_seen desc, id desc);
-- sorts "new" (first seen)
create index issues_organization_id_status_first_seen_idx on issues (organization_id, status, first_seen desc, id desc);
-- archived issues that a condition can wake (cron)
create index issues_archived_idx on issues (project_id, id) where status = 2 and archive_rule is not null;
-- assigned to me / my team
create index issues_assignee_user_id_idx on issues (assignee_user_id) where assignee_user_id is not null;
create index issues_assignee_team_id_idx on issues (assignee_team_id) where assignee_team_id is not null;

-- Free text of the stream's search. Apart from `issues`, because no update of its counters can be HOT (last_seen
-- is indexed) and each would insert the trigrams again: 22 ms against 5 ms for the 126 issues of a batch.
create table issue_texts (
  project_id bigint not null,
  issue_id bigint not null,
  search_text text not null,
  -- a busy issue's text follows its latest event once a minute
  updated_at timestamptz not null default now(),
  primary key (project_id, issue_id)
);
create index issue_texts_search_text_idx on issue_texts using gin (search_text gin_trgm_ops);

-- Fingerprint hashes: many lead to one issue.
create table issue_hashes (
  project_id bigint not null references projects on delete cascade,
  -- 32 lower-case hex digits
  hash text not null,
  id bigint generated always as identity,
  -- null: seen but belongs to no issue (its issue was deleted)
  issue_id bigint,
  -- deleted and discarded: events with it are dropped as "discarded-hash"
  is_discarded boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (project_id, hash)
);
create index issue_hashes_issue_id_idx on issue_hashes (project_id, issue_id);

-- Ids and short ids of issues that were merged away.
create table issue_redirects (
  project_id bigint not null references projects on delete cascade,
  old_issue_id bigint not null,
  old_short_id bigint not null,
  issue_id bigint not null,
  created_at timestamptz not null default now(),
  primary key (project_id, old_issue_id)
);
create index issue_redirects_old_issue_id_idx on issue_redirects (old_issue_id);

-- Who was hit: the first 63 bits of a hash over the user's identity. Exact up to 10,000 an issue.
create table issue_users (
  project_id bigint not null,
  issue_id bigint not null,
  user_hash bigint not null,
  primary key (project_id, issue_id, user_hash)
);

-- Events per issue, environment and UTC hour of received_at, for the whole retention. One partition a day.
create table issue_hours (
  project_id bigint not null,
  issue_id bigint not null,
  environment_id bigint not null,
  hour timestamptz not null,
  events int not null,
  primary key (project_id, issue_id, environment_id, hour)
) partition by range (hour);

-- Folded from tag_deltas every few seconds. At most 500 values per issue and key;
-- the rest is counted in issue_tag_keys.other_events.
create table issue_tag_values (
  project_id bigint not null,
  issue_id bigint not null,
  key text not null,
  value text not null,
  events bigint not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (project_id, issue_id, key, value)
) with (fillfactor = 80);
-- stream search by a tag: which issues have this value?
create index issue_tag_values_key_value_idx on issue_tag_values (project_id, key, value, issue_id);

create table issue_tag_keys (
  project_id bigint not null,
  issue_id bigint not null,
  key text not null,
  -- events that carry this key, whatever its value
  events bigint not null,
  distinct_values int not null,
  other_events bigint not null default 0,
  primary key (project_id, issue_id, key)
) with (fillfactor = 80);

-- Dictionary for completion and wildcards.
create table tag_values (
  project_id bigint not null,
  key text not null,
  value text not null,
  last_seen timestamptz not null,
  primary key (project_id, key, value)
);
create index tag_values_value_idx on tag_values using gin (value gin_trgm_ops);

-- The update buffer: one row a batch (zstd of JSON), folded and deleted by cron in one transaction.
create table tag_deltas (
  id bigint generated always as identity primary key,
  created_at timestamptz not null default now(),
  deltas bytea not null
);

create table issue_activity (
  project_id bigint not null,
  id bigint generated always as identity,
  issue_id bigint not null,
  -- first_seen note set_resolved set_unresolved set_ignored set_regression assigned unassigned set_priority ...
  type text not null,
  user_id bigint references users on delete set null,
  data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (project_id, id)
);
create index issue_activity_issue_id_idx on issue_activity (project_id, issue_id, id desc);

-- Who follows an issue (is_active) or does not want to hear of it (not is_active).
create table issue_subscriptions (
  project_id bigint not null,
  issue_id bigint not null,
  user_id bigint not null references users on delete cascade,
  is_active boolean not null,
  -- commented assigned resolved manual unsubscribed
  reason text not null,
  created_at timestamptz not null default now(),
  primary key (project_id, issue_id, user_id)
);

create table issue_bookmarks (
  project_id bigint not null,
  issue_id bigint not null,
  user_id bigint not null references users on delete cascade,
  created_at timestamptz not null default now(),
  primary key (project_id, issue_id, user_id)
);
