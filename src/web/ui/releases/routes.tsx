import { Hono } from "hono"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { isReleaseReferenced } from "#issues/resolving/commit-link-store.ts"
import { listReleaseIssues } from "#issues/resolving/release-issues-store.ts"
import { listEnvironmentNames, listStreamProjects } from "#issues/stream/facts-store.ts"
import { AppError } from "#platform/errors.ts"
import { deleteRelease, findRelease, listReleases, type Release } from "#releases/catalog-store.ts"
import { listDeploys } from "#releases/deploy-store.ts"
import { findNeighbours, listChangedFiles, listReleaseCommits } from "#releases/history-store.ts"
import { changeRelease } from "#releases/releases.ts"
import { listReleaseEnvironments, listReleaseHours } from "#releases/series-store.ts"
import { listReleaseUploads } from "#symbolication/artifacts/upload-store.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { checkScope, requireOrganization, requireScope } from "../../middleware/access.ts"
import type { FieldErrors } from "../components/forms/form.tsx"
import { setFlash } from "../flash.ts"
import { type FormData, formErrors, readForm, unknownAction } from "../form-data.ts"
import { checkConfirmed } from "../settings/confirmed.ts"
import { shellOf } from "../shell.ts"
import { CommitsPage, FilesPage, HISTORY_PAGE_SIZE } from "./history-pages.tsx"
import { ListPage } from "./list-page.tsx"
import { OverviewPage } from "./overview-page.tsx"
import { PAGE_SIZE, readOffset, readReleasesRequest } from "./requests.ts"
import { eventsByDay, lastDays } from "./series.ts"

const LIST = "/organizations/:org/releases/"
const ONE = `${LIST}:version/`
const SHOWN_ISSUES = 10
const SHOWN_DEPLOYS = 20

export function releaseRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const canRead = requireScope("project:read")
  routes.get(LIST, requireOrganization, canRead, (c) => showList(app, c))
  routes.get(ONE, requireOrganization, canRead, (c) => showOverview(app, c))
  routes.post(ONE, requireOrganization, canRead, (c) => change(app, c))
  routes.get(`${ONE}commits/`, requireOrganization, canRead, (c) => showCommits(app, c))
  routes.get(`${ONE}files-changed/`, requireOrganization, canRead, (c) => showFiles(app, c))
  return routes
}

async function showList(app: App, c: WebContext) {
  const { organizationId, slug } = c.var.membership
  const shell = shellOf(app, c)
  const request = readReleasesRequest(c)
  const projects = await listStreamProjects(app.sql, organizationId)
  const projectIds = request.projectId === null ? null : [request.projectId]
  const environments = request.environment === null ? [] : [request.environment]
  const [found, names] = await Promise.all([
    listReleases(
      app.sql,
      { organizationId, projectIds, environments, text: request.query, ...request },
      { limit: PAGE_SIZE + 1, offset: request.offset },
    ),
    listEnvironmentNames(
      app.sql,
      projects.map(({ id }) => id),
    ),
  ])
  const releases = found.slice(0, PAGE_SIZE)
  const starts = lastDays(shell.now, shell.zone)
  const hours = await listReleaseHours(app.sql, {
    releaseIds: releases.map(({ id }) => id),
    projectIds,
    environments,
    from: starts[0] ?? shell.now,
  })
  const byRelease = Map.groupBy(hours, ({ releaseId }) => releaseId)
  const series = new Map(
    releases.map(({ id }) => [id, eventsByDay(starts, byRelease.get(id) ?? [])]),
  )
  return c.html(
    <ListPage
      shell={shell}
      org={slug}
      address={publicAddress(app.config)}
      request={request}
      releases={releases}
      hasMore={found.length > PAGE_SIZE}
      series={series}
      projects={projects}
      environments={names}
    />,
  )
}

async function showOverview(app: App, c: WebContext, errors?: FieldErrors) {
  const { organizationId, slug } = c.var.membership
  const frame = await frameOf(app, c)
  const { shell, release } = frame
  const starts = lastDays(shell.now, shell.zone)
  const from = starts[0] ?? shell.now
  const issues = {
    projectIds: release.projects.map(({ id }) => id),
    releaseId: release.id,
  }
  const [hours, environments, newIssues, regressed, resolvedIssues, deploys, uploads] =
    await Promise.all([
      listReleaseHours(app.sql, {
        releaseIds: [release.id],
        projectIds: null,
        environments: [],
        from,
      }),
      listReleaseEnvironments(app.sql, release.id, from),
      listReleaseIssues(app.sql, issues, "new", SHOWN_ISSUES),
      listReleaseIssues(app.sql, issues, "regressed", SHOWN_ISSUES),
      listReleaseIssues(app.sql, issues, "resolved", SHOWN_ISSUES),
      listDeploys(app.sql, release.id, { limit: SHOWN_DEPLOYS, offset: 0 }),
      listReleaseUploads(app.sql, organizationId, release.version),
    ])
  const counts = eventsByDay(starts, hours)
  return c.html(
    <OverviewPage
      {...frame}
      org={slug}
      address={publicAddress(app.config)}
      buckets={starts.map((start, index) => ({ from: start, events: counts[index] ?? 0 }))}
      environments={environments}
      newIssues={newIssues}
      regressed={regressed}
      resolvedIssues={resolvedIssues}
      deploys={deploys}
      uploads={uploads}
      canChange={can(c.var.membership, "project:releases")}
      errors={errors}
    />,
    errors ? 422 : 200,
  )
}

async function showCommits(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const offset = readOffset(c.req.query("offset"))
  const page = { limit: HISTORY_PAGE_SIZE + 1, offset }
  const rows = await listReleaseCommits(app.sql, frame.release.id, page)
  return c.html(<CommitsPage {...frame} {...cut(app, rows, offset)} />)
}

async function showFiles(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const offset = readOffset(c.req.query("offset"))
  const page = { limit: HISTORY_PAGE_SIZE + 1, offset }
  const rows = await listChangedFiles(app.sql, frame.release.id, page)
  return c.html(<FilesPage {...frame} {...cut(app, rows, offset)} />)
}

function cut<Row>(app: App, found: readonly Row[], offset: number) {
  return {
    address: publicAddress(app.config),
    rows: found.slice(0, HISTORY_PAGE_SIZE),
    hasMore: found.length > HISTORY_PAGE_SIZE,
    offset,
  }
}

/** Throws not_found. */
async function frameOf(app: App, c: WebContext) {
  const { organizationId, slug } = c.var.membership
  const release = await findRelease(app.sql, organizationId, c.req.param("version") ?? "")
  if (!release) throw new AppError("not_found", "There is no such release.")
  const neighbours = await findNeighbours(app.sql, organizationId, release.id)
  return { shell: shellOf(app, c), org: slug, release, neighbours }
}

async function change(app: App, c: WebContext) {
  checkScope(c.var.membership, "project:releases")
  const { release } = await frameOf(app, c)
  const form = await readForm(c)
  if (form.text("action") === "delete") return remove(app, c, release, form)
  const { slug, organizationId } = c.var.membership
  const status = STATUS_AFTER[form.text("action")] ?? unknownAction()
  await changeRelease(app, { organizationId, version: release.version }, { status })
  const text = status === "archived" ? "The release is archived." : "The release is listed again."
  setFlash(app, c, { tone: "success", text })
  return c.redirect(urls.release(slug, release.version), 303)
}

const STATUS_AFTER: Record<string, Release["status"] | undefined> = {
  archive: "archived",
  restore: "open",
}

async function remove(app: App, c: WebContext, release: Release, form: FormData) {
  const errors = await formErrors(async () => {
    checkConfirmed(form, release.version)
    if (await isReleaseReferenced(app.sql, release.id)) throw referenced()
    await deleteRelease(app.sql, release.id)
  })
  if (errors) return showOverview(app, c, errors)
  setFlash(app, c, { tone: "success", text: "The release is deleted." })
  return c.redirect(urls.releases(c.var.membership.slug), 303)
}

function referenced(): AppError {
  return new AppError(
    "conflict",
    "Issues refer to this release: it brought them, or they are resolved in it. Archive it instead.",
    { field: "confirm" },
  )
}
