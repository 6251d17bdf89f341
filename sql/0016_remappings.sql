-- owner: src/maintenance
-- since: 0.1.0

-- Source maps that came late, applied to what is stored: one run, and how far it is.
create table remappings (
  project_id bigint not null references projects on delete cascade,
  id bigint generated always as identity,
  -- running done failed
  status text not null default 'running',
  -- events to look at, looked at, of which more frames are known now, given another issue
  total bigint not null default 0,
  looked_at bigint not null default 0,
  mapped bigint not null default 0,
  moved bigint not null default 0,
  -- where it goes on after a crash: days go backwards, ids forwards within one
  position_day date,
  position_event uuid,
  created_by bigint references users on delete set null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (project_id, id)
);
create unique index remappings_running_idx on remappings (project_id) where status = 'running';
