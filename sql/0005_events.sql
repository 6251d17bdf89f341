-- owner: src/events
-- since: 0.1.0

-- Partitioned by the UTC day of received_at, which web sets once. Never by the client's clock.
create table events (
  project_id bigint not null,
  event_id uuid not null,
  received_day date not null,
  received_at timestamptz not null,
  occurred_at timestamptz not null,
  issue_id bigint not null,
  hash_id bigint not null,
  type text not null,
  level smallint not null,
  platform text not null,
  environment_id bigint not null,
  release_id bigint,
  dist text,
  user_hash bigint,
  title text not null,
  -- 32-bit hashes of key=value of every tag
  terms int4[] not null,
  -- first byte: codec (0 raw JSON, 1 zstd JSON)
  payload bytea not null,
  primary key (project_id, event_id, received_day)
) partition by range (received_day);
alter table events alter column payload set storage external;
-- an issue's events, latest received first
create index events_issue_id_idx on events (project_id, issue_id, received_day desc, received_at desc);
-- event search by tags
create index events_terms_idx on events using gin (terms);

-- Message ids that have had their effect: delivery is at least once, effect exactly once.
create table consumed (
  message_id uuid not null,
  received_day date not null,
  primary key (message_id, received_day)
) partition by range (received_day);

-- Messages that failed five times, encrypted; superusers look at and replay them. 30 days.
create table dead_letters (
  id bigint generated always as identity primary key,
  message_id uuid not null unique,
  -- project, key and items (category -> quantity) of its outcome; null project: the message could not be read
  project_id bigint,
  key_id bigint not null default 0,
  items jsonb not null default '{}',
  received_at timestamptz not null,
  failed_at timestamptz not null default now(),
  deliveries int not null,
  error text not null,
  body bytea not null
);
