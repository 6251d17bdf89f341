-- owner: src/accounts
-- since: 0.1.0

create table users (
  id bigint generated always as identity primary key,
  -- Always stored lower case; log-in names are compared without case.
  email text not null check (email = lower(email) and length(email) <= 254),
  name text not null default '',
  password_hash text,
  is_superuser boolean not null default false,
  is_active boolean not null default true,
  -- View preferences: theme, density, timezone, clock24h, frameOrder, frameFilter, shortcuts, ...
  preferences jsonb not null default '{}',
  -- Signs links and sessions of this user; changing it ends them all.
  session_nonce text not null default '',
  created_at timestamptz not null default now(),
  last_login_at timestamptz,
  last_active_at timestamptz,
  unique (email)
);

create table organizations (
  id bigint generated always as identity primary key,
  slug text not null check (slug ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
  name text not null,
  -- active | deleting: hidden at once, rows removed by a task
  status text not null default 'active' check (status in ('active', 'deleting')),
  default_role text not null default 'member',
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (slug)
);

create table org_members (
  id bigint generated always as identity primary key,
  organization_id bigint not null references organizations on delete cascade,
  -- null while the invitation is open
  user_id bigint references users on delete cascade,
  email text not null check (email = lower(email)),
  role text not null check (role in ('billing', 'member', 'admin', 'manager', 'owner')),
  invite_token_hash bytea,
  invite_expires_at timestamptz,
  inviter_id bigint references users on delete set null,
  created_at timestamptz not null default now(),
  unique (organization_id, email),
  unique (organization_id, user_id)
);
-- organizations of one user (every signed-in page)
create index org_members_user_id_idx on org_members (user_id);

create table teams (
  id bigint generated always as identity primary key,
  organization_id bigint not null references organizations on delete cascade,
  slug text not null check (slug ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
  name text not null,
  created_at timestamptz not null default now(),
  unique (organization_id, slug)
);

create table team_members (
  team_id bigint not null references teams on delete cascade,
  member_id bigint not null references org_members on delete cascade,
  primary key (team_id, member_id)
);
-- teams of one member
create index team_members_member_id_idx on team_members (member_id);

create table sessions (
  -- sha256 of the cookie's secret; the secret itself is never stored
  token_hash bytea primary key,
  user_id bigint not null references users on delete cascade,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ip text,
  user_agent text
);
create index sessions_user_id_idx on sessions (user_id);

create table api_tokens (
  id bigint generated always as identity primary key,
  -- organization token (sntrys_) when user_id is null, else the user's (sntryu_)
  organization_id bigint references organizations on delete cascade,
  user_id bigint references users on delete cascade,
  name text not null default '',
  token_hash bytea not null,
  token_last_characters text not null,
  scopes text[] not null,
  created_by bigint references users on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  unique (token_hash),
  check (organization_id is not null or user_id is not null)
);

create table password_resets (
  token_hash bytea primary key,
  user_id bigint not null references users on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);

-- Failed log-ins, so that the limits survive a restart; swept by cron.
create table login_failures (
  id bigint generated always as identity primary key,
  email text not null,
  ip text not null,
  failed_at timestamptz not null default now()
);
create index login_failures_email_idx on login_failures (email, failed_at);
create index login_failures_ip_idx on login_failures (ip, failed_at);

-- Instance options (`config set`), below config.yml and the environment in precedence.
-- Also holds the setup token's hash under 'internal.setup-token-hash'.
create table options (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

create table audit_log (
  id bigint generated always as identity primary key,
  organization_id bigint references organizations on delete cascade,
  actor_user_id bigint references users on delete set null,
  -- "user", "cli", "system"
  actor_kind text not null,
  action text not null,
  target_type text not null,
  target_id text,
  data jsonb not null default '{}',
  ip text,
  created_at timestamptz not null default now()
);
create index audit_log_organization_id_idx on audit_log (organization_id, id desc);
