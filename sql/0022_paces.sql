-- owner: src/issues
-- since: 0.1.0

-- How many events of one hour are too many for an issue that is new, by what a project's issues had in the last week.
create table project_paces (
  project_id bigint primary key references projects on delete cascade,
  measured_at timestamptz not null,
  ceiling int not null
);
