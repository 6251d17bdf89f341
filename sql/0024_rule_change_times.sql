-- owner: src/maintenance
-- since: 0.1.0

-- When its job came on last: one that stands still is started again.
alter table rule_changes add column touched_at timestamptz not null default now();
