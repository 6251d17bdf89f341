import { Hono } from "hono"
import type { App } from "#app.ts"
import type { IssueDetail } from "#issues/detail-store.ts"
import { type IssueHash, listIssueHashes } from "#issues/moving/hash-store.ts"
import { unmergeHashes } from "#maintenance/regroup/unmerge.ts"
import { AppError } from "#platform/errors.ts"
import { answerList } from "../answer.ts"
import type { ApiContext, ApiEnv } from "../caller.ts"
import { readPage } from "../pagination.ts"
import { findIssue, ISSUE_PATHS } from "./paths.ts"

const MAX_HASHES = 500

/** The fingerprints of an issue, and taking some out of it. Clients name them by their text. */
export function hashRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  for (const path of ISSUE_PATHS) {
    routes.get(`${path}hashes/`, (c) => list(app, c))
    routes.delete(`${path}hashes/`, (c) => unmerge(app, c))
  }
  return routes
}

async function list(app: App, c: ApiContext) {
  const { issue } = await findIssue(app, c, "event:read")
  const page = readPage(c.req.query())
  const hashes = await hashesOf(app, issue)
  const shown = hashes.slice(page.offset, page.offset + page.limit)
  const items = shown.map(({ hash, events, lastSeen }) => ({
    id: hash,
    events,
    lastSeen: lastSeen?.toISOString() ?? null,
  }))
  return answerList(app, c, { items, page, hasMore: hashes.length > page.offset + page.limit })
}

async function unmerge(app: App, c: ApiContext) {
  const { access, issue } = await findIssue(app, c, "event:write")
  const wanted = c.req.queries("id") ?? []
  const hashes = await hashesOf(app, issue)
  const hashIds = hashes.filter(({ hash }) => wanted.includes(hash)).map(({ id }) => id)
  if (hashIds.length === 0) throw new AppError("invalid", "Name fingerprints of the issue by id.")
  await unmergeHashes(app, { issue, hashIds, actor: access.userId })
  return c.body(null, 202)
}

function hashesOf({ sql }: App, issue: IssueDetail): Promise<IssueHash[]> {
  const { projectId, id, firstReceivedDay: firstDay, lastReceivedDay: lastDay } = issue
  return listIssueHashes(sql, { projectId, id, firstDay, lastDay }, MAX_HASHES)
}
