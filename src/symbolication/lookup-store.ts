import type { Db } from "#platform/db.ts"
import type { PlacedChunk } from "./artifacts/chunk-source.ts"

/** What a frame asks for: a file by debug id, by its address in a release, or both. */
export type WantedFile = {
  projectId: string
  debugId: string | null
  /** '' = none, so that only the debug id counts. */
  release: string
  dist: string
  /** Best first. */
  urls: readonly string[]
}

type StoredFile = {
  bundleId: string
  position: number
  url: string | null
  at: number
  packedBytes: number
  bytes: number
  isDeflated: boolean
  chunks: PlacedChunk[]
}

export type FoundFile = StoredFile & {
  /** Index of what was wanted. */
  n: number
  /** 0 = by debug id; then the index of the address + 1. */
  rank: number
  dist: string
  type: "minified_source" | "source_map" | "source"
  debugId: string | null
  mapUrls: string[] | null
  isMapEmbedded: boolean
  /** The map of a minified file. */
  map: StoredFile | null
}

const slice = (db: Db, alias: "f" | "m") => {
  const file = db(alias)
  return db`
    jsonb_build_object('bundleId', ${file}.bundle_id::text, 'position', ${file}.position, 'url', ${file}.url,
      'at', ${file}.at, 'packedBytes', ${file}.packed_bytes, 'bytes', ${file}.bytes, 'isDeflated', ${file}.is_deflated,
      'chunks', (
        select jsonb_agg(jsonb_build_object('blobKey', c.blob_key, 'startsAt', bc.starts_at, 'size', c.size) order by bc.starts_at)
        from artifact_bundle_chunks bc
        join upload_chunks c on c.organization_id = bc.organization_id and c.id = bc.chunk_id
        where bc.bundle_id = ${file}.bundle_id
          and bc.starts_at < ${file}.at + ${file}.packed_bytes and bc.starts_at + c.size > ${file}.at))`
}

/**
 * All that was uploaded for what a batch wants, newest bundle first, in one statement. A debug id counts in whatever release; an
 * address only in bundles of the event's release that are for its dist, or for any.
 */
export async function listWantedFiles(db: Db, wanted: readonly WantedFile[]): Promise<FoundFile[]> {
  const byId = wanted.flatMap(({ projectId, debugId }, n) =>
    debugId ? [{ n, projectId, debugId }] : [],
  )
  const byUrl = wanted.flatMap(({ projectId, release, dist, urls }, n) =>
    release === ""
      ? []
      : urls.map((url, index) => ({ n, rank: index + 1, projectId, release, dist, url })),
  )
  if (byId.length + byUrl.length === 0) return []
  const rows = await db<
    { file: StoredFile; map: StoredFile | null; rest: Omit<FoundFile, "map"> }[]
  >`
    with found as (
      select w.n, 0 as rank, w.project_id, '' as release, '' as dist, f.*
      from unnest(
        ${byId.map(({ n }) => n)}::int[], ${byId.map((each) => each.projectId)}::bigint[],
        ${byId.map((each) => each.debugId)}::uuid[]) as w (n, project_id, debug_id)
      join artifact_files f on f.debug_id = w.debug_id and f.type in ('minified_source', 'source_map')
      where exists (
        select from artifact_projects p where p.bundle_id = f.bundle_id and p.project_id = w.project_id)
      union all
      select w.n, w.rank, w.project_id, p.release, p.dist, f.*
      from unnest(
        ${byUrl.map(({ n }) => n)}::int[], ${byUrl.map(({ rank }) => rank)}::int[],
        ${byUrl.map((each) => each.projectId)}::bigint[], ${byUrl.map(({ release }) => release)}::text[],
        ${byUrl.map(({ dist }) => dist)}::text[], ${byUrl.map(({ url }) => url)}::text[]
      ) as w (n, rank, project_id, release, dist, url)
      join artifact_projects p on p.project_id = w.project_id and p.release = w.release and p.dist in ('', w.dist)
      join artifact_files f on f.bundle_id = p.bundle_id and md5(f.url) = md5(w.url) and f.url = w.url
      where f.type in ('minified_source', 'source')
    )
    select ${slice(db, "f")} as file,
      jsonb_build_object('n', f.n, 'rank', f.rank, 'dist', f.dist, 'type', f.type, 'debugId', f.debug_id,
        'mapUrls', to_jsonb(f.map_urls), 'isMapEmbedded', f.is_map_embedded) as rest,
      (
        select ${slice(db, "m")} from artifact_files m
        where m.type = 'source_map' and f.type = 'minified_source' and (
          (m.bundle_id = f.bundle_id and m.debug_id = f.debug_id) or
          (f.map_urls is not null and m.url = any(f.map_urls) and m.bundle_id in (
            select f.bundle_id union all
            select p.bundle_id from artifact_projects p
            where f.release <> '' and p.project_id = f.project_id and p.release = f.release and p.dist in ('', f.dist))))
        order by m.bundle_id = f.bundle_id desc, m.bundle_id desc limit 1
      ) as map
    from found f
    order by f.n, f.rank, f.dist desc, f.bundle_id desc, f.position desc`
  return rows.map(({ file, map, rest }) => ({ ...rest, ...file, map }))
}

/** An original source that was uploaded beside its map. */
export type WantedSource = {
  projectId: string
  /** null: the map was fetched. */
  bundleId: string | null
  release: string
  dist: string
  urls: readonly string[]
}

/** In the map's own bundle first, else in the others of the release. */
export async function listWantedSources(
  db: Db,
  wanted: readonly WantedSource[],
): Promise<{ n: number; file: StoredFile }[]> {
  const urls = wanted.flatMap((each, n) => each.urls.map((url) => ({ ...each, n, url })))
  return await db<{ n: number; file: StoredFile }[]>`
    select w.n, ${slice(db, "f")} as file
    from unnest(
      ${urls.map(({ n }) => n)}::int[], ${urls.map((each) => each.projectId)}::bigint[],
      ${urls.map((each) => each.bundleId)}::bigint[], ${urls.map(({ release }) => release)}::text[],
      ${urls.map(({ dist }) => dist)}::text[], ${urls.map(({ url }) => url)}::text[]
    ) as w (n, project_id, bundle_id, release, dist, url)
    join lateral (
      select w.bundle_id as id union
      select p.bundle_id from artifact_projects p
      where w.release <> '' and p.project_id = w.project_id and p.release = w.release and p.dist in ('', w.dist)
    ) b on true
    join artifact_files f on f.bundle_id = b.id and md5(f.url) = md5(w.url) and f.url = w.url and f.type = 'source'
    order by w.n, f.bundle_id = w.bundle_id desc, f.bundle_id desc`
}

/** Which of these projects have anything at all. */
export async function listProjectsWithArtifacts(
  db: Db,
  projectIds: readonly string[],
): Promise<string[]> {
  const rows = await db<{ id: string }[]>`
    select id from unnest(${[...projectIds]}::bigint[]) as wanted (id)
    where exists (select from artifact_projects p where p.project_id = wanted.id)`
  return rows.map(({ id }) => id)
}

export async function updateBundlesUsed(db: Db, ids: readonly string[]): Promise<void> {
  await db`
    update artifact_bundles set used_on = current_date
    where id = any(${[...ids]}::bigint[]) and used_on < current_date`
}
