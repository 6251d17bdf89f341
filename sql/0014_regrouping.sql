-- owner: src/issues
-- since: 0.1.0

-- An event names the hash it came by; events follow their hashes to other issues.
create unique index issue_hashes_id_idx on issue_hashes (project_id, id);

-- What somebody never wants to see again: events of its hashes are dropped.
create table issue_tombstones (
  project_id bigint not null references projects on delete cascade,
  id bigint generated always as identity,
  type text not null,
  level smallint not null,
  title text not null,
  culprit text not null,
  discarded_by bigint references users on delete set null,
  discarded_at timestamptz not null,
  primary key (project_id, id)
);
alter table issue_hashes add column tombstone_id bigint;
create index issue_hashes_tombstone_id_idx on issue_hashes (project_id, tombstone_id) where tombstone_id is not null;

-- owner: src/maintenance
-- Rules of a project as somebody wrote them: rehearsed, then saved, then perhaps applied to what is stored.
create table rule_changes (
  project_id bigint not null references projects on delete cascade,
  id bigint generated always as identity,
  -- rehearsing rehearsed saved regrouping regrouped undoing undone failed
  status text not null,
  stack_trace_rules text not null,
  fingerprint_rules text not null,
  former_stack_trace_rules text not null,
  former_fingerprint_rules text not null,
  created_by bigint references users on delete set null,
  created_at timestamptz not null,
  finished_at timestamptz,
  -- events to look at, looked at, given another issue
  total bigint not null default 0,
  looked_at bigint not null default 0,
  moved bigint not null default 0,
  -- where the job goes on after a crash: days go backwards, ids forwards within one
  position_day date,
  position_event uuid,
  -- of the rehearsal: which issues become which
  result jsonb,
  error text,
  primary key (project_id, id)
);

-- Which issues gave events to which. One that lost all its events is hidden, not removed, as long as the change can be taken back.
create table rule_change_issues (
  project_id bigint not null,
  change_id bigint not null,
  issue_id bigint not null,
  into_issue_id bigint not null,
  events bigint not null,
  -- of the issue before it was hidden into the other; null: it was not
  hidden_status smallint,
  primary key (project_id, change_id, issue_id, into_issue_id),
  foreign key (project_id, change_id) references rule_changes on delete cascade
);
create index rule_change_issues_issue_id_idx on rule_change_issues (project_id, issue_id) where hidden_status is not null;
