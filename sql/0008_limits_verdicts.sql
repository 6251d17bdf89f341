-- owner: src/projects
-- since: 0.1.0

-- Limits of a key by category, beside that of errors: {"attachment": {"count": 1000000, "windowSeconds": 60}}
alter table project_keys add column rate_limits jsonb not null default '{}';

-- owner: src/stats

-- What became of single items that were not stored: the newest of each project, sampled, for "where is my event?".
create table verdicts (
  project_id bigint not null references projects on delete cascade,
  id bigint generated always as identity,
  received_at timestamptz not null,
  -- 0 = no key known
  key_id bigint not null,
  -- null = it had none that could be read
  event_id uuid,
  category text not null,
  outcome text not null,
  reason text not null,
  -- in words, when there is more to say: "not a JSON text"
  cause text not null default '',
  -- name and version of the client
  client text not null default '',
  primary key (project_id, id)
);
create index verdicts_project_id_received_at_idx on verdicts (project_id, received_at desc, id desc);
create index verdicts_project_id_event_id_idx on verdicts (project_id, event_id) where event_id is not null;

-- Who knocked and belongs to nobody: keys that do not exist, are switched off or name another project. Bounded.
create table strangers (
  public_key text not null,
  -- as the address said; '' = it named none
  project text not null,
  reason text not null,
  -- of the last request
  client text not null,
  origin text not null,
  address text not null,
  requests bigint not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (public_key, project, reason)
);
create index strangers_last_seen_idx on strangers (last_seen);
