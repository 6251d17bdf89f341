-- owner: src/issues
-- since: 0.1.0

alter table issues
  -- since when and by whom archive_rule holds
  add column archived_at timestamptz,
  add column archived_by bigint references users on delete set null,
  -- an archived issue that came back by itself, until somebody looks at it
  add column returned_at timestamptz,
  -- resolved because nothing was heard of it: equal to resolved_at, or of an earlier time
  add column auto_resolved_at timestamptz,
  -- set by hand: what is computed leaves the priority alone
  add column priority_locked_at timestamptz;

-- What issues that are archived until they escalate are compared with.
create table issue_forecasts (
  project_id bigint not null,
  issue_id bigint not null,
  made_on date not null,
  -- more events than this in one hour are an escalation: that day, and the 13 after it
  ceilings int[] not null,
  -- events of an hour in which there were some, on average
  usual int not null,
  primary key (project_id, issue_id)
);
