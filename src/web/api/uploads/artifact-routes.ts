import { Hono } from "hono"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { removeReleaseArchive, removeUpload } from "#symbolication/artifacts/remove-upload.ts"
import {
  findUpload,
  listReleaseArchives,
  listUploadedFiles,
  listUploads,
  type ReleaseArchive,
  type Upload,
  type UploadedFile,
} from "#symbolication/artifacts/upload-store.ts"
import { answerList } from "../answer.ts"
import { type ApiContext, type ApiEnv, actorOf, notFound } from "../caller.ts"
import { cutPage, readPage } from "../pagination.ts"
import { RELEASE_READERS } from "../releases/requests.ts"
import { apiTime } from "../time.ts"
import { UPLOAD_REMOVERS, uploadProject } from "./upload-project.ts"

const BUNDLES = "/projects/:org/:project/files/artifact-bundles/"
const FILES_OF_BUNDLE = "/projects/:org/:project/artifact-bundles/:bundle/files/"
const ARCHIVES = "/projects/:org/:project/files/source-maps/"
const ID = /^\d{1,18}$/
const MAX_TEXT_CHARS = 200

/** What a project has for reading the stack traces of JavaScript: bundles, and files that came one by one, by their release. */
export function artifactRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.get(BUNDLES, (c) => listBundles(app, c))
  routes.delete(BUNDLES, (c) => removeBundle(app, c))
  routes.get(FILES_OF_BUNDLE, (c) => listFiles(app, c))
  routes.get(ARCHIVES, (c) => listArchives(app, c))
  routes.delete(ARCHIVES, (c) => removeArchive(app, c))
  return routes
}

async function listBundles(app: App, c: ApiContext) {
  const { project } = await uploadProject(app, c, RELEASE_READERS)
  const { page, asked } = pageOf(c)
  const found = await listUploads(app.sql, project.id, { ...asked, kind: "bundle" })
  const { rows, hasMore } = cutPage([...found], page)
  return answerList(app, c, { items: rows.map(serializeBundle), page, hasMore })
}

async function bundleIn(app: App, projectId: string, id: string): Promise<Upload> {
  const bundle = ID.test(id) ? await findUpload(app.sql, projectId, id) : null
  if (bundle?.kind !== "bundle") throw notFound()
  return bundle
}

async function removeBundle(app: App, c: ApiContext) {
  const { access, project } = await uploadProject(app, c, UPLOAD_REMOVERS)
  const bundle = await bundleIn(app, project.id, required(c, "bundleId"))
  await app.sql.begin((tx) => removeUpload(tx, actorOf(access, c), project, bundle))
  return c.body(null, 204)
}

async function listFiles(app: App, c: ApiContext) {
  const { project } = await uploadProject(app, c, RELEASE_READERS)
  const bundle = await bundleIn(app, project.id, c.req.param("bundle") ?? "")
  const { page, asked } = pageOf(c)
  const found = await listUploadedFiles(app.sql, bundle.id, asked)
  const { rows, hasMore } = cutPage([...found], page)
  const items = { ...serializeBundle(bundle), files: rows.map(serializeFile) }
  return answerList(app, c, { items, page, hasMore })
}

async function listArchives(app: App, c: ApiContext) {
  const { project } = await uploadProject(app, c, RELEASE_READERS)
  const { page, asked } = pageOf(c)
  const { rows, hasMore } = cutPage(
    [...(await listReleaseArchives(app.sql, project.id, asked))],
    page,
  )
  return answerList(app, c, { items: rows.map(serializeArchive), page, hasMore })
}

async function removeArchive(app: App, c: ApiContext) {
  const { access, project } = await uploadProject(app, c, UPLOAD_REMOVERS)
  const release = required(c, "name")
  const removed = await app.sql.begin((tx) =>
    removeReleaseArchive(tx, actorOf(access, c), project, release),
  )
  if (removed === 0) throw notFound()
  return c.body(null, 204)
}

function pageOf(c: ApiContext) {
  const page = readPage(c.req.query())
  const text = (c.req.query("query") ?? "").slice(0, MAX_TEXT_CHARS)
  return { page, asked: { text, limit: page.limit + 1, offset: page.offset } }
}

function required(c: ApiContext, field: string): string {
  const value = c.req.query(field)
  if (!value) throw new AppError("invalid", "Name what to delete.", { field })
  return value
}

function serializeBundle({ id, createdAt, files, uses }: Upload) {
  return {
    bundleId: id,
    associations: uses.map(({ release, dist }) => ({
      release: release || null,
      dist: dist || null,
    })),
    date: apiTime(createdAt),
    dateModified: apiTime(createdAt),
    fileCount: files,
  }
}

/** Sentry's numbers. */
const FILE_TYPES = { source: 1, minified_source: 2, source_map: 3, indexed_ram_bundle: 4 }

function serializeFile({ path, url, type, debugId, mapUrls, bytes }: UploadedFile) {
  return {
    id: Buffer.from(path).toString("base64url"),
    filePath: url ?? path,
    fileSize: bytes,
    fileType: FILE_TYPES[type],
    debugId,
    sourcemap: mapUrls?.[0] ?? null,
  }
}

/** A release's files were one archive once; it is named by the release. */
function serializeArchive({ id, release, files, createdAt }: ReleaseArchive) {
  return { type: "release", id, name: release, date: apiTime(createdAt), fileCount: files }
}
