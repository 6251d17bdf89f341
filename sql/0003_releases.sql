-- owner: src/releases
-- since: 0.1.0

create table releases (
  id bigint generated always as identity primary key,
  organization_id bigint not null references organizations on delete cascade,
  version text not null check (length(version) <= 250),
  created_at timestamptz not null default now(),
  released_at timestamptz,
  ref text,
  url text,
  unique (organization_id, version)
);
create index releases_organization_id_idx on releases (organization_id, created_at desc, id desc);

create table release_projects (
  project_id bigint not null references projects on delete cascade,
  release_id bigint not null references releases on delete cascade,
  first_event_at timestamptz,
  last_event_at timestamptz,
  new_issues int not null default 0,
  primary key (project_id, release_id)
);
create index release_projects_release_id_idx on release_projects (release_id);
