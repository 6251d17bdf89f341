import { Hono } from "hono"
import { z } from "zod"
import { isEmail } from "#accounts/users/account.ts"
import type { App } from "#app.ts"
import { type Feedback, listFeedback, listIssueFeedback } from "#feedback/read-store.ts"
import { REPORT_LIMITS, readUserReport } from "#feedback/report.ts"
import { submitUserReport } from "#feedback/submit.ts"
import { scrubReport } from "#normalize/scrub/companions.ts"
import { createProjects } from "#pipeline/projects.ts"
import { AppError } from "#platform/errors.ts"
import { parseEventId } from "#protocol/event-id.ts"
import { answerList } from "../answer.ts"
import { type Access, type ApiContext, type ApiEnv, accessIn, notFound } from "../caller.ts"
import { describeIssues } from "../issues/answer.ts"
import { findIssue, ISSUE_PATHS } from "../issues/paths.ts"
import { resolveProjects } from "../issues/search.ts"
import { cutPage, readPage } from "../pagination.ts"
import { dsnCaller } from "./dsn-caller.ts"
import { serializeFeedback } from "./serialize.ts"

const required = (max: number) =>
  z
    .string("This field is required.")
    .trim()
    .min(1, "This field may not be blank.")
    .max(max, `Ensure this field has no more than ${max} characters.`)
const optional = (max: number) => required(max).or(z.literal("")).nullish()

const Body = z.object({
  event_id: required(36).refine((id) => parseEventId(id) !== null, "Invalid event ID."),
  name: optional(REPORT_LIMITS.name),
  email: optional(REPORT_LIMITS.email).refine(
    (email) => !email || isEmail(email),
    "Enter a valid email address.",
  ),
  comments: required(REPORT_LIMITS.message),
})

/** What users write about events: by programs of one's own, and for programs that read it. */
export function feedbackRoutes(app: App): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>()
  const projects = createProjects(app.sql, app.clock, app.config)
  for (const name of ["user-feedback", "user-reports"]) {
    const path = `/projects/:org/:project/${name}/`
    routes.get(path, (c) => list(app, c))
    routes.post(path, (c) => submit(app, projects, c))
  }
  for (const path of ISSUE_PATHS) routes.get(`${path}user-reports/`, (c) => listOfIssue(app, c))
  return routes
}

async function list(app: App, c: ApiContext) {
  const access = accessIn(c, c.req.param("org") ?? "", "project:read")
  const projectId = await projectIn(app, c, access)
  const page = readPage(c.req.query())
  const asked = c.req.query("status") ?? "unresolved"
  // Sentry knows no other, and says so in a shape of its own.
  if (asked !== "" && asked !== "unresolved")
    return c.json({ status: "Invalid status choice" }, 400)
  const status = asked === "" ? null : ("unresolved" as const)
  const scope = { organizationId: access.organizationId, projectId, status }
  const { rows, hasMore } = cutPage(
    await listFeedback(app.sql, scope, { limit: page.limit + 1, offset: page.offset }),
    page,
  )
  return answerList(app, c, { items: await withIssues(app, access, rows), page, hasMore })
}

async function listOfIssue(app: App, c: ApiContext) {
  const { access, issue } = await findIssue(app, c, "event:read")
  const page = readPage(c.req.query())
  const { rows, hasMore } = cutPage(
    await listIssueFeedback(app.sql, issue, { limit: page.limit + 1, offset: page.offset }),
    page,
  )
  return answerList(app, c, { items: await withIssues(app, access, rows), page, hasMore })
}

/** With a DSN the answer is empty: whoever reads a web page's source has one. */
async function submit(app: App, projects: ReturnType<typeof createProjects>, c: ApiContext) {
  const place = { organization: c.req.param("org") ?? "", project: c.req.param("project") ?? "" }
  const key = await dsnCaller(app, c, place)
  const access = key ? null : accessIn(c, place.organization, "project:write")
  const projectId = key?.projectId ?? (access ? await projectIn(app, c, access) : "")
  const project = (await projects.find([projectId])).get(projectId)
  if (!project) throw notFound()

  const body = Body.parse(await c.req.json().catch(() => ({})))
  const report = readUserReport(body, null)
  if (!report) throw new AppError("invalid", "This field is required.", { field: "comments" })
  const owner = { projectId, organizationId: project.organizationId, keyId: key?.keyId ?? "0" }
  const feedback = await submitUserReport(app, owner, scrubReport(report, project.scrub))
  if (!access) return c.body(null, 200)
  const [item] = await withIssues(app, access, [feedback])
  return c.json(item)
}

async function projectIn(app: App, c: ApiContext, access: Access): Promise<string> {
  const [id] = await resolveProjects(app, access, [c.req.param("project") ?? ""]).catch(() => [])
  if (!id) throw notFound()
  return id
}

async function withIssues(app: App, access: Access, rows: readonly Feedback[]) {
  const ids = new Set(rows.flatMap(({ issueId }) => issueId ?? []))
  const refs = [...ids].flatMap((id) => {
    const row = rows.find(({ issueId }) => issueId === id)
    return row ? [{ projectId: row.projectId, id }] : []
  })
  const issues = await describeIssues(app, access, refs, { of: null, environments: [] })
  return rows.map((row) =>
    serializeFeedback(row, issues.find(({ id }) => id === row.issueId) ?? null),
  )
}
