-- owner: src/stats
-- since: 0.1.0

-- Every item ends in exactly one outcome. Hour of received_at (UTC). One partition a day.
create table outcome_hours (
  project_id bigint not null,
  -- 0 = no key known
  key_id bigint not null,
  hour timestamptz not null,
  -- error transaction attachment session ...
  category text not null,
  -- accepted filtered rate_limited invalid discarded unsupported dead_lettered client_discard
  outcome text not null,
  reason text not null default '',
  quantity bigint not null,
  primary key (project_id, key_id, hour, category, outcome, reason)
) partition by range (hour);

-- owner: src/platform/series
-- tsdb without Redis: live series of 10 s and 1 min; swept by cron. May lose seconds, hence unlogged.
create unlogged table series_points (
  series text not null,
  bucket timestamptz not null,
  step_seconds int not null,
  value bigint not null,
  -- a bit per hash of a distinct value: how many are set tells how many there were (linear counting)
  distinct_bits bit varying(8192),
  primary key (series, step_seconds, bucket)
);

-- owner: src/platform/queue
-- Appliance: how far each spool segment is consumed; stored in the batch's transaction.
create table spool_positions (
  segment text primary key,
  position bigint not null,
  updated_at timestamptz not null default now()
);

-- owner: src/stats
-- Heartbeats of web, worker and cron processes.
create table processes (
  id text primary key,
  role text not null,
  host text not null,
  pid int not null,
  version text not null,
  started_at timestamptz not null,
  beat_at timestamptz not null
);
