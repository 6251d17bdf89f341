-- owner: src/symbolication
-- since: 0.1.0

-- A file for reading the stack traces of compiled programs, of one project. Its bytes are an artifact bundle of kind debug_file.
create table debug_files (
  project_id bigint not null references projects on delete cascade,
  bundle_id bigint not null references artifact_bundles on delete cascade,
  -- SHA-1 of all its bytes
  checksum text not null,
  -- what the client calls it
  name text not null,
  primary key (project_id, bundle_id)
);
create unique index debug_files_upload_idx on debug_files (project_id, checksum, md5(name));
create index debug_files_bundle_id_idx on debug_files (bundle_id);

-- What is in a debug file: one thing, or one for each machine of a file for several.
create table debug_objects (
  id bigint generated always as identity primary key,
  project_id bigint not null references projects on delete cascade,
  bundle_id bigint not null references artifact_bundles on delete cascade,
  -- proguard breakpad elf macho sourcebundle
  kind text not null,
  -- UUID, with "-age" where there is one
  debug_id text not null,
  code_id text,
  cpu text not null,
  -- exe lib dbg none
  type text not null,
  features text[] not null,
  -- where it lies in the file
  at bigint not null,
  bytes bigint not null
);
create index debug_objects_debug_id_idx on debug_objects (project_id, debug_id);
create index debug_objects_bundle_id_idx on debug_objects (bundle_id);
