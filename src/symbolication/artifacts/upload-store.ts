import type { Db, Tx } from "#platform/db.ts"
import type { ArtifactType } from "./artifact-file.ts"

/** What a project's page shows of an upload. */
export type Upload = {
  id: string
  kind: "bundle" | "release_file"
  status: "assembling" | "ready" | "failed"
  detail: string
  size: number
  files: number
  /** Of a single file. */
  name: string | null
  createdAt: Date
  /** YYYY-MM-DD */
  usedOn: string
  /** For which releases of the project; '' = debug ids alone, any dist. */
  uses: { release: string; dist: string }[]
}

const MAX_USES = 20

const columns = (db: Db, projectId: string) => db`
  b.id, b.kind, b.status, b.detail, b.size::float8 as size, b.files, b.created_at, b.used_on::text as used_on,
  (select f.url from artifact_files f where b.kind = 'release_file' and f.bundle_id = b.id limit 1) as name,
  (select jsonb_agg(jsonb_build_object('release', u.release, 'dist', u.dist) order by u.release, u.dist) from (
    select release, dist from artifact_projects
    where project_id = ${projectId} and bundle_id = b.id limit ${MAX_USES}) u) as uses`

const isOf = (db: Db, projectId: string) =>
  db`exists (select from artifact_projects p where p.project_id = ${projectId} and p.bundle_id = b.id)`

export type UploadPage = { text: string; limit: number; offset: number }

/** A project's uploads, newest first; `text` is a part of a release, an address or a debug id. */
export function listUploads(
  db: Db,
  projectId: string,
  page: UploadPage & { kind?: Upload["kind"] },
) {
  return db<Upload[]>`
    select ${columns(db, projectId)} from artifact_bundles b
    where ${isOf(db, projectId)} ${page.kind === undefined ? db`` : db`and b.kind = ${page.kind}`}
      ${
        page.text === ""
          ? db``
          : db`and (
            exists (select from artifact_projects p
              where p.project_id = ${projectId} and p.bundle_id = b.id and position(${page.text} in p.release) > 0)
            or exists (select from artifact_files f
              where f.bundle_id = b.id and (position(${page.text} in f.url) > 0 or f.debug_id::text = lower(${page.text}))))`
      }
    order by b.id desc limit ${page.limit} offset ${page.offset}`
}

export async function findUpload(db: Db, projectId: string, id: string): Promise<Upload | null> {
  const [row] = await db<Upload[]>`
    select ${columns(db, projectId)} from artifact_bundles b
    where b.id = ${id} and ${isOf(db, projectId)}`
  return row ?? null
}

export type UploadedFile = {
  url: string | null
  path: string
  type: ArtifactType
  debugId: string | null
  mapUrls: string[] | null
  isMapEmbedded: boolean
  bytes: number
}

export function listUploadedFiles(db: Db, bundleId: string, page: UploadPage) {
  return db<UploadedFile[]>`
    select url, path, type, debug_id, map_urls, is_map_embedded, bytes::float8 as bytes
    from artifact_files
    where bundle_id = ${bundleId}
      ${page.text === "" ? db`` : db`and (position(${page.text} in url) > 0 or debug_id::text = lower(${page.text}))`}
    order by position limit ${page.limit} offset ${page.offset}`
}

/** The project does without it; the bytes go once nobody needs them. */
export async function deleteUpload(tx: Tx, projectId: string, id: string): Promise<void> {
  await tx`delete from artifact_projects where project_id = ${projectId} and bundle_id = ${id}`
  await tx`
    delete from artifact_bundles where id = ${id} and not exists (
      select from artifact_projects p where p.bundle_id = ${id})`
}

/** The files that were uploaded one by one for a release of a project. */
export type ReleaseArchive = { id: string; release: string; files: number; createdAt: Date }

/** Newest first. */
export function listReleaseArchives(db: Db, projectId: string, page: UploadPage) {
  return db<ReleaseArchive[]>`
    select max(b.id)::text as id, p.release, count(*)::int as files, max(b.created_at) as created_at
    from artifact_projects p join artifact_bundles b on b.id = p.bundle_id and b.kind = 'release_file'
    where p.project_id = ${projectId}
      ${page.text === "" ? db`` : db`and position(${page.text} in p.release) > 0`}
    group by p.release order by max(b.id) desc limit ${page.limit} offset ${page.offset}`
}

/** Returns how many files the project does without. */
export async function deleteReleaseArchive(
  tx: Tx,
  projectId: string,
  release: string,
): Promise<number> {
  const removed = await tx<{ bundleId: string }[]>`
    delete from artifact_projects p using artifact_bundles b
    where b.id = p.bundle_id and b.kind = 'release_file' and p.project_id = ${projectId} and p.release = ${release}
    returning p.bundle_id`
  await tx`
    delete from artifact_bundles b where b.id = any(${removed.map(({ bundleId }) => bundleId)}::bigint[])
      and not exists (select from artifact_projects p where p.bundle_id = b.id)`
  return removed.length
}

export type ReleaseUploads = {
  projectSlug: string
  uploads: number
  files: number
  bytes: number
  /** Different ones among the files. */
  debugIds: number
}

/** What was uploaded for a release, by project. */
export function listReleaseUploads(db: Db, organizationId: string, release: string) {
  return db<ReleaseUploads[]>`
    select p.slug as project_slug, count(*)::int as uploads, sum(b.files)::int as files, sum(b.size)::float8 as bytes,
      (select count(distinct f.debug_id)::int from artifact_files f
        where f.bundle_id = any(array_agg(b.id)) and f.debug_id is not null) as debug_ids
    from projects p
    join lateral (select distinct bundle_id from artifact_projects a
      where a.project_id = p.id and a.release = ${release}) used on true
    join artifact_bundles b on b.id = used.bundle_id
    where p.organization_id = ${organizationId} and p.status = 'active' and b.status = 'ready'
    group by p.slug order by p.slug`
}

/** Of the whole installation; bytes as they lie in the blob store. */
export async function countUploads(db: Db): Promise<{ uploads: number; bytes: number }> {
  const [row] = await db<{ uploads: number; bytes: number }[]>`
    select (select count(*)::int from artifact_bundles) as uploads,
      (select coalesce(sum(size), 0)::float8 from upload_chunks) as bytes`
  return row ?? { uploads: 0, bytes: 0 }
}
