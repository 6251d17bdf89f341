-- owner: src/releases
-- since: 0.1.0

alter table releases
  -- open archived
  add column status text not null default 'open',
  -- when it came out, as far as anybody said
  add column came_at timestamptz generated always as (coalesce(released_at, created_at)) stored,
  -- its version as text that sorts like the versions do (src/releases/version.ts); null: not a version that can be ordered
  add column version_order text collate "C",
  add column commit_count int not null default 0,
  add column deploy_count int not null default 0;

-- Releases of before, once: what versionOrder of src/releases/version.ts writes since.
update releases r set version_order = (
    select string_agg(to_hex(length(digits)) || digits, '' order by place)
    from unnest(parts[1:4]) with ordinality as number (given, place)
    cross join lateral (select coalesce(nullif(ltrim(given, '0'), ''), '0') as digits) as plain
  )
  || case when coalesce(parts[5], parts[6]) is null then '~' else '-' || coalesce(parts[5], parts[6]) || ' ' end
  || case when parts[7] is null then ''
      when parts[7] ~ '^\d{1,15}$' then '+0' || to_hex(length(build)) || build
      else '+1' || parts[7] end
from releases named
cross join lateral (select substring(named.version from '^.[^@]*@(.*)$') as raw) as cut
cross join lateral regexp_match(cut.raw,
  '^(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?(?:-([0-9A-Za-z.-]{1,200})|([a-z][0-9A-Za-z.-]{0,200}))?(?:\+([0-9A-Za-z.-]{1,200}))?$'
  ) as parts
cross join lateral (select coalesce(nullif(ltrim(parts[7], '0'), ''), '0') as build) as trimmed
where r.id = named.id and parts is not null and (parts[6] is null or parts[2] is not null)
  and not (cut.raw ~ '^[0-9A-Fa-f]+$' and length(cut.raw) in (12, 16, 20, 32, 40, 64));

drop index releases_organization_id_idx;
-- the latest release; those before another
create index releases_came_at_idx on releases (organization_id, came_at desc, id desc);
-- what is newer than a version
create index releases_version_order_idx on releases (organization_id, version_order desc, id desc)
  where version_order is not null;

create table deploys (
  id bigint generated always as identity primary key,
  release_id bigint not null references releases on delete cascade,
  environment text not null,
  name text,
  url text,
  started_at timestamptz,
  finished_at timestamptz not null
);
create index deploys_release_id_idx on deploys (release_id, finished_at desc, id desc);

create table repositories (
  id bigint generated always as identity primary key,
  organization_id bigint not null references organizations on delete cascade,
  name text not null,
  url text,
  created_at timestamptz not null default now(),
  unique (organization_id, name)
);

create table commit_authors (
  id bigint generated always as identity primary key,
  organization_id bigint not null references organizations on delete cascade,
  -- lower-cased
  email text not null,
  name text not null,
  unique (organization_id, email)
);

create table commits (
  id bigint generated always as identity primary key,
  organization_id bigint not null references organizations on delete cascade,
  repository_id bigint not null references repositories on delete cascade,
  sha text not null check (length(sha) <= 64),
  author_id bigint references commit_authors on delete set null,
  message text not null,
  committed_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  unique (repository_id, sha)
);
-- people name a commit by its beginning
create index commits_sha_idx on commits (organization_id, sha text_pattern_ops);
create index commits_author_id_idx on commits (author_id);
-- cleanup
create index commits_recorded_at_idx on commits (recorded_at);

create table commit_files (
  commit_id bigint not null references commits on delete cascade,
  path text not null,
  -- A M D
  change text not null,
  primary key (commit_id, path)
);

create table release_commits (
  release_id bigint not null references releases on delete cascade,
  -- 0 = newest
  position int not null,
  commit_id bigint not null references commits on delete cascade,
  primary key (release_id, position)
);
create index release_commits_commit_id_idx on release_commits (commit_id);

-- The newest commit of each repository in a release.
create table release_heads (
  release_id bigint not null references releases on delete cascade,
  repository_id bigint not null references repositories on delete cascade,
  sha text not null,
  primary key (release_id, repository_id)
);
create index release_heads_repository_id_idx on release_heads (repository_id);

-- Events per release, environment and UTC hour of received_at, for the whole retention. One partition a day.
create table release_hours (
  project_id bigint not null,
  release_id bigint not null,
  environment_id bigint not null,
  hour timestamptz not null,
  events int not null,
  primary key (project_id, release_id, environment_id, hour)
) partition by range (hour);
