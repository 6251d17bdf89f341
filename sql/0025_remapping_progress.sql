-- owner: src/maintenance
-- since: 0.1.0

-- When a run got on last: what a killed command leaves behind is known by its silence.
alter table remappings add column progressed_at timestamptz not null default now();
