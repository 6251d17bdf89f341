import { Hono } from "hono"
import type { App } from "#app.ts"
import { isDistName } from "#normalize/values/release.ts"
import { AppError } from "#platform/errors.ts"
import { deleteBundle } from "#symbolication/artifacts/bundle-store.ts"
import {
  findReleaseFile,
  listReleaseFiles,
  type ReleaseFile,
  type ReleaseFiles,
} from "#symbolication/artifacts/release-file-store.ts"
import { addReleaseFile, readReleaseFile } from "#symbolication/artifacts/release-files.ts"
import { answerList } from "../answer.ts"
import { type ApiContext, type ApiEnv, notFound } from "../caller.ts"
import { cutPage, readPage } from "../pagination.ts"
import { RELEASE_LISTS, RELEASE_READERS, RELEASE_WRITERS, releaseIn } from "../releases/requests.ts"
import { apiTime } from "../time.ts"

/** Other people's files must not become a part of this site. */
const UNTRUSTED = {
  "Content-Type": "application/octet-stream",
  "Content-Disposition": "attachment",
  "Content-Security-Policy": "sandbox",
}
const ID = /^\d{1,18}$/
const MAX_NAME_CHARS = 500
const MAX_HEADERS = 20

/** Files that are uploaded for a release one by one, as clients did before bundles and as people still do with curl. */
export function releaseFileRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  for (const list of RELEASE_LISTS) {
    const path = `${list}:version/files/` as const
    routes.get(path, (c) => listAll(app, c))
    routes.post(path, (c) => upload(app, c))
    routes.get(`${path}:file/`, async (c) => {
      const { file } = await fileIn(app, c, RELEASE_READERS)
      if (c.req.query("download") === undefined) return c.json(serializeFile(file))
      return c.body(await readReleaseFile(app, file), 200, UNTRUSTED)
    })
    routes.delete(`${path}:file/`, async (c) => {
      const { file } = await fileIn(app, c, RELEASE_WRITERS)
      await deleteBundle(app.sql, file.id)
      return c.body(null, 204)
    })
  }
  return routes
}

async function listAll(app: App, c: ApiContext) {
  const { files } = await filesIn(app, c, RELEASE_READERS)
  const page = readPage(c.req.query())
  const asked = { text: c.req.query("query") ?? "", limit: page.limit + 1, offset: page.offset }
  const { rows, hasMore } = cutPage(await listReleaseFiles(app.sql, files, asked), page)
  return answerList(app, c, { items: rows.map(serializeFile), page, hasMore })
}

async function upload(app: App, c: ApiContext) {
  const { files, projectIds } = await filesIn(app, c, RELEASE_WRITERS)
  const form = await c.req.raw.formData().catch(() => null)
  const file = form?.get("file")
  if (!form || !(file instanceof File)) {
    throw new AppError("invalid", "No file was submitted.", { field: "file" })
  }
  const name = textIn(form, "name") || file.name
  if (name === "" || name.length > MAX_NAME_CHARS || name.includes("\0")) {
    throw new AppError("invalid", "File name is not valid.", { field: "name" })
  }
  const dist = textIn(form, "dist")
  if (dist !== "" && !isDistName(dist)) {
    throw new AppError("invalid", "Dist is not valid.", { field: "dist" })
  }
  if (projectIds.length === 0) {
    throw new AppError("invalid", "The release belongs to no project.", { field: "version" })
  }
  const bytes = await file.bytes()
  const headers = headersIn(form)
  const id = await addReleaseFile(app, files, projectIds, { name, dist, headers, bytes })
  const kept = await findReleaseFile(app.sql, files, id)
  if (!kept) throw notFound()
  return c.json(serializeFile(kept), 201)
}

function textIn(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === "string" ? value : ""
}

/** `Sourcemap:a.js.map`, any number of times. */
function headersIn(form: FormData): Record<string, string> {
  const headers: [string, string][] = []
  for (const line of form.getAll("header").slice(0, MAX_HEADERS)) {
    const at = typeof line === "string" ? line.indexOf(":") : -1
    if (typeof line !== "string" || at < 1 || line.includes("\0")) continue
    headers.push([line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()])
  }
  return Object.fromEntries(headers)
}

type Scopes = typeof RELEASE_WRITERS | typeof RELEASE_READERS

async function filesIn(app: App, c: ApiContext, scopes: Scopes) {
  const { access, projectId, release } = await releaseIn(app, c, scopes)
  const { organizationId } = access
  const files: ReleaseFiles = { organizationId, release: release.version, projectId }
  const projectIds = projectId === null ? release.projects.map(({ id }) => id) : [projectId]
  return { files, projectIds }
}

async function fileIn(app: App, c: ApiContext, scopes: Scopes) {
  const { files } = await filesIn(app, c, scopes)
  const id = c.req.param("file") ?? ""
  const file = ID.test(id) ? await findReleaseFile(app.sql, files, id) : null
  if (!file) throw notFound()
  return { file }
}

function serializeFile(file: ReleaseFile) {
  return {
    id: file.id,
    name: file.name,
    dist: file.dist || null,
    headers: { "Content-Type": "application/octet-stream", ...file.headers },
    size: file.size,
    sha1: file.sha1,
    dateCreated: apiTime(file.createdAt),
  }
}
