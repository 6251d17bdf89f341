-- owner: src/symbolication
-- since: 0.1.0

-- What clients upload in pieces; a piece that an organization has is not sent again. The bytes are blobs.
create table upload_chunks (
  organization_id bigint not null references organizations on delete cascade,
  id bigint generated always as identity,
  -- what clients call it: a name, not a proof
  sha1 text not null check (sha1 ~ '^[0-9a-f]{40}$'),
  sha256 text not null,
  size bigint not null,
  -- arriving ready leaving
  state text not null default 'arriving',
  blob_key text not null,
  used_at timestamptz not null default now(),
  primary key (organization_id, id)
);
create unique index upload_chunks_sha1_idx on upload_chunks (organization_id, sha1) where state <> 'leaving';
-- cleanup: what nobody came back for
create index upload_chunks_used_at_idx on upload_chunks (used_at);

-- What was uploaded at once for reading stack traces: an artifact bundle (a zip archive in chunks) or one file of a release.
create table artifact_bundles (
  id bigint generated always as identity primary key,
  organization_id bigint not null references organizations on delete cascade,
  -- bundle release_file
  kind text not null,
  -- SHA-1 of all its bytes, by which clients ask for it
  checksum text not null,
  -- assembling ready failed
  status text not null default 'assembling',
  -- why it failed, for the person who sent it
  detail text not null default '',
  size bigint not null,
  files int not null default 0,
  -- the client's id of its content
  debug_id text,
  -- SHA-256 of what is in it, however it is packed
  content_hash text,
  created_at timestamptz not null default now(),
  -- the last day on which an event needed it
  used_on date not null default current_date
);
create unique index artifact_bundles_checksum_idx on artifact_bundles (organization_id, checksum) where kind = 'bundle';
create index artifact_bundles_content_idx on artifact_bundles (organization_id, content_hash) where content_hash is not null;
create index artifact_bundles_used_on_idx on artifact_bundles (used_on);

create table artifact_bundle_chunks (
  bundle_id bigint not null references artifact_bundles on delete cascade,
  -- offset of the chunk's first byte
  starts_at bigint not null,
  organization_id bigint not null,
  chunk_id bigint not null,
  primary key (bundle_id, starts_at),
  foreign key (organization_id, chunk_id) references upload_chunks
);
create index artifact_bundle_chunks_chunk_idx on artifact_bundle_chunks (organization_id, chunk_id);

-- Whose stack traces a bundle is for: a bundle serves no other project.
create table artifact_projects (
  project_id bigint not null references projects on delete cascade,
  -- '' = found by debug ids alone
  release text not null,
  -- '' = any
  dist text not null,
  bundle_id bigint not null references artifact_bundles on delete cascade,
  primary key (project_id, release, dist, bundle_id)
);
create index artifact_projects_bundle_id_idx on artifact_projects (bundle_id);

create table artifact_files (
  bundle_id bigint not null references artifact_bundles on delete cascade,
  position int not null,
  -- in the archive
  path text not null,
  -- source minified_source source_map indexed_ram_bundle
  type text not null,
  url text,
  debug_id uuid,
  -- of a minified file: names that its map may stand under
  map_urls text[],
  is_map_embedded boolean not null,
  headers jsonb not null,
  -- where it lies in the bundle
  at bigint not null,
  packed_bytes bigint not null,
  bytes bigint not null,
  is_deflated boolean not null,
  primary key (bundle_id, position)
);
create index artifact_files_debug_id_idx on artifact_files (debug_id, type) where debug_id is not null;
-- URLs are too long for an index of their own
create index artifact_files_url_idx on artifact_files (bundle_id, md5(url)) where url is not null;
