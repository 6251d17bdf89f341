-- owner: src/issues
-- since: 0.1.0

-- Which issues refer to a release: its page asks, cleanup does, and each foreign key when a release goes.
create index issues_first_release_id_idx on issues (first_release_id, project_id) where first_release_id is not null;
create index issues_last_release_id_idx on issues (last_release_id, last_seen desc) where last_release_id is not null;
create index issues_resolved_release_id_idx on issues (resolved_release_id) where resolved_release_id is not null;
create index issues_resolved_seen_release_id_idx on issues (resolved_seen_release_id)
  where resolved_seen_release_id is not null;
-- which issues came back in a release
create index issue_activity_regression_idx on issue_activity (project_id, (data->>'version'))
  where type = 'set_regression';

-- Counted among the issues now: merges and deletions left it too high.
alter table release_projects drop column new_issues;
