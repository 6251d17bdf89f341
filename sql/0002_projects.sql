-- owner: src/projects
-- since: 0.1.0

create table projects (
  id bigint generated always as identity primary key,
  organization_id bigint not null references organizations on delete cascade,
  slug text not null check (slug ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
  name text not null,
  platform text not null default 'other',
  status text not null default 'active' check (status in ('active', 'deleting')),
  created_at timestamptz not null default now(),
  first_event_at timestamptz,
  -- Bumped in each batch's transaction that stored something: what pages poll for.
  change_seq bigint not null default 0,
  -- allowedDomains, scrubData, scrubDefaults, scrubIp, sensitiveFields, safeFields, resolveAgeHours, subjectTemplate, minimalMail ...
  settings jsonb not null default '{}',
  unique (organization_id, slug)
);

create table project_teams (
  project_id bigint not null references projects on delete cascade,
  team_id bigint not null references teams on delete cascade,
  primary key (project_id, team_id)
);
create index project_teams_team_id_idx on project_teams (team_id);

create table project_keys (
  id bigint generated always as identity,
  project_id bigint not null references projects on delete cascade,
  label text not null default 'Default',
  public_key text not null check (public_key ~ '^[0-9a-f]{32}$'),
  secret_key text not null check (secret_key ~ '^[0-9a-f]{32}$'),
  is_active boolean not null default true,
  -- events per window; null = no limit of its own
  rate_limit_count int check (rate_limit_count > 0),
  rate_limit_window_seconds int check (rate_limit_window_seconds > 0),
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  primary key (project_id, id),
  unique (project_id, public_key)
);
-- the door looks keys up by their text alone
create index project_keys_public_key_idx on project_keys (public_key);

-- owner: src/issues
-- Short ids, taken in the batch's transaction before the issues are made.
create table project_counters (
  project_id bigint primary key references projects on delete cascade,
  last_short_id bigint not null default 0
);

-- owner: src/projects
create table environments (
  project_id bigint not null references projects on delete cascade,
  id bigint generated always as identity,
  -- '' = events without an environment
  name text not null check (length(name) <= 64),
  is_hidden boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (project_id, id),
  unique (project_id, name)
);

-- Who does not want mail of a project (unsubscribe links, settings).
create table project_mutes (
  project_id bigint not null references projects on delete cascade,
  user_id bigint not null references users on delete cascade,
  created_at timestamptz not null default now(),
  primary key (project_id, user_id)
);
