import { Hono } from "hono"
import { z } from "zod"
import type { App } from "#app.ts"
import { readDebugId } from "#normalize/values/debug-id.ts"
import { AppError } from "#platform/errors.ts"
import { streamDebugFile } from "#symbolication/debug-files/read-file.ts"
import { removeDebugFile } from "#symbolication/debug-files/remove.ts"
import { type DebugAssembly, requestDebugFile } from "#symbolication/debug-files/request.ts"
import { type DebugFile, findDebugFile, listDebugFiles } from "#symbolication/debug-files/store.ts"
import { objectName } from "#symbolication/debug-files/words.ts"
import { answerList } from "../answer.ts"
import { type ApiContext, type ApiEnv, actorOf, notFound } from "../caller.ts"
import { cutPage, readPage } from "../pagination.ts"
import { RELEASE_READERS, RELEASE_WRITERS } from "../releases/requests.ts"
import { apiTime } from "../time.ts"
import { refuseUpload } from "./refusal.ts"
import { UPLOAD_REMOVERS, uploadProject } from "./upload-project.ts"

const ASSEMBLE = "/projects/:org/:project/files/difs/assemble/"
const FILES = "/projects/:org/:project/files/dsyms/"
const MAX_FILES = 1000
const MAX_CHUNKS = 10_000
const MAX_NAME_CHARS = 500
const MAX_TEXT_CHARS = 200
const ID = /^\d{1,18}$/
const SHA1 = /^[0-9a-f]{40}$/
const UNTRUSTED = {
  "Content-Type": "application/octet-stream",
  "Content-Disposition": "attachment",
  "Content-Security-Policy": "sandbox",
}

const Uploads = z.record(
  z.string().regex(SHA1),
  z.object({
    name: z
      .string()
      .min(1)
      .max(MAX_NAME_CHARS)
      .refine((name) => !name.includes("\0") && name.isWellFormed()),
    chunks: z.array(z.string().regex(SHA1)).max(MAX_CHUNKS),
  }),
)

/** Debug files of compiled programs: the end of their upload, and what a project has. */
export function debugFileRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  routes.post(ASSEMBLE, (c) => assemble(app, c))
  routes.get(FILES, async (c) => {
    if (c.req.query("id") === undefined) return await list(app, c)
    return await download(app, c)
  })
  routes.delete(FILES, (c) => remove(app, c))
  return routes
}

async function assemble(app: App, c: ApiContext) {
  const { project } = await uploadProject(app, c, RELEASE_WRITERS)
  const { id: projectId, organizationId } = project
  const json: unknown = await c.req.json().catch(() => undefined)
  if (json === undefined) return refuseUpload(c, "Invalid json body")
  const { success, data, error } = Uploads.safeParse(json)
  if (!success) {
    const [issue] = error.issues
    return refuseUpload(c, `${issue?.path.join(".") || "body"}: ${issue?.message}`)
  }
  const uploads = Object.entries(data)
  if (uploads.length > MAX_FILES) return refuseUpload(c, "Too many files")
  const answers: [string, unknown][] = []
  for (const [checksum, { name, chunks }] of uploads) {
    const request = { organizationId, projectId, checksum, name, chunks }
    answers.push([checksum, answerOf(await requestDebugFile(app, request))])
  }
  return c.json(Object.fromEntries(answers))
}

function answerOf({ files, state, missingChunks, detail }: DebugAssembly) {
  const [first] = files
  return { state, missingChunks, detail, ...(first && { dif: serializeFile(first) }) }
}

async function list(app: App, c: ApiContext) {
  const { project } = await uploadProject(app, c, RELEASE_READERS)
  const page = readPage(c.req.query())
  const debugId = c.req.query("debug_id")
  const codeId = c.req.query("code_id")
  const found = await listDebugFiles(app.sql, project.id, {
    text: (c.req.query("query") ?? "").slice(0, MAX_TEXT_CHARS),
    ...(debugId !== undefined && { debugId: readDebugId(debugId) ?? "" }),
    ...(codeId !== undefined && { codeId: codeId.toLowerCase().slice(0, MAX_TEXT_CHARS) }),
    kinds: c.req.queries("file_formats") ?? [],
    limit: page.limit + 1,
    offset: page.offset,
  })
  const { rows, hasMore } = cutPage([...found], page)
  return answerList(app, c, { items: rows.map(serializeFile), page, hasMore })
}

async function fileIn(app: App, c: ApiContext, projectId: string): Promise<DebugFile> {
  const id = c.req.query("id") ?? ""
  const file = ID.test(id) ? await findDebugFile(app.sql, projectId, id) : null
  if (!file) throw notFound()
  return file
}

async function download(app: App, c: ApiContext) {
  const { project } = await uploadProject(app, c, RELEASE_READERS)
  const file = await fileIn(app, c, project.id)
  const headers = { ...UNTRUSTED, "Content-Length": String(file.bytes) }
  return c.body(await streamDebugFile(app, file), 200, headers)
}

async function remove(app: App, c: ApiContext) {
  const { access, project } = await uploadProject(app, c, UPLOAD_REMOVERS)
  if (c.req.query("id") === undefined) {
    throw new AppError("invalid", "Name the file to delete.", { field: "id" })
  }
  const file = await fileIn(app, c, project.id)
  await app.sql.begin((tx) => removeDebugFile(tx, actorOf(access, c), project, file))
  return c.body(null, 204)
}

const MEDIA_TYPES = {
  proguard: "text/x-proguard+plain",
  breakpad: "text/x-breakpad",
  elf: "application/x-elf-binary",
  macho: "application/x-mach-binary",
  sourcebundle: "application/x-sentry-bundle+zip",
}

function serializeFile(file: DebugFile) {
  return {
    id: file.id,
    uuid: file.debugId,
    debugId: file.debugId,
    codeId: file.codeId,
    cpuName: file.cpu,
    objectName: objectName(file),
    symbolType: file.kind,
    headers: { "Content-Type": MEDIA_TYPES[file.kind] },
    size: file.bytes,
    sha1: file.checksum,
    dateCreated: apiTime(file.createdAt),
    data: { ...(file.type !== "none" && { type: file.type }), features: file.features },
  }
}
