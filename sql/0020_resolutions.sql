-- owner: src/issues
-- since: 0.1.0

alter table issues
  -- the greatest release in which it had been seen when it was resolved in the one after
  add column resolved_seen_release_id bigint references releases on delete set null,
  -- in_future_release: the version that does not exist yet
  add column resolved_version text;
-- What waits for a release: settled when one comes.
create index issues_pending_resolution_idx on issues (project_id)
  where status = 1 and resolution_type in ('in_next_release', 'in_future_release');

-- Commits that resolve an issue, by their message or because somebody said so.
create table issue_commits (
  project_id bigint not null,
  issue_id bigint not null,
  commit_id bigint not null references commits on delete cascade,
  created_at timestamptz not null default now(),
  primary key (project_id, issue_id, commit_id)
);
create index issue_commits_commit_id_idx on issue_commits (commit_id);
