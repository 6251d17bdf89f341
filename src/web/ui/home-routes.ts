import { Hono } from "hono"
import { createMiddleware } from "hono/factory"
import { slugProblem } from "#accounts/slugs.ts"
import { hasUsers } from "#accounts/users/store.ts"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebContext, type WebEnv } from "../context.ts"
import { requireViewer } from "../middleware/access.ts"

/** The start page, and the forms of links that Sentry's own clients, mails and bookmarks use. */
export function homeRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  routes.get("/", requireViewer, (c) => c.redirect(startOf(c)))

  for (const [from, to] of Object.entries(GENERAL)) {
    routes.get(from, requireViewer, (c) => c.redirect(withQuery(c, to(firstOrganization(c)))))
  }
  // sentry-cli opens this with the text ":orgslug" literally in it.
  routes.get("/orgredirect/*", requireViewer, (c) => {
    const path = c.req.path.slice("/orgredirect".length).replace(":orgslug", firstOrganization(c))
    return c.redirect(path.startsWith("/organizations/") ? settingsPath(path) : startOf(c))
  })
  for (const from of ["/auth/login/:org/", "/auth/register/", "/login-redirect/"]) {
    routes.get(from, async (c) =>
      c.redirect((await hasUsers(app.sql)) && c.var.viewer ? urls.home() : urls.login()),
    )
  }
  return routes
}

/**
 * Paths that begin with an organization, mounted last: they would catch everything. Only organizations one is in are
 * redirected; whether others exist is not told.
 */
export function shortLinkRoutes(): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  for (const [from, to] of Object.entries(IN_ORGANIZATION)) {
    routes.get(from, requireSlug, requireViewer, (c) => {
      const org = c.req.param("org") ?? ""
      const isMember = viewerOf(c).memberships.some(({ slug }) => slug === org)
      if (!isMember) throw new AppError("not_found", "There is no such page.")
      const part = (name: string) => c.req.param(name) ?? ""
      return c.redirect(withQuery(c, to(org, part)))
    })
  }
  return routes
}

/** Segments that no organization can have are pages of ours that are not there: nobody is sent to log in for them. */
const requireSlug = createMiddleware<WebEnv>(async (c, next) => {
  if (slugProblem(c.req.param("org") ?? "") !== null) return c.notFound()
  return next()
})

type ToOrganization = (org: string) => string

const GENERAL: Record<string, ToOrganization> = {
  "/issues/": urls.issues,
  "/projects/": urls.projects,
  "/account/": urls.accountDetails,
  "/account/settings/": urls.accountDetails,
  "/account/settings/security/": urls.accountSecurity,
  "/account/settings/notifications/": urls.accountNotifications,
  "/settings/account/": urls.accountDetails,
  "/api/new-token/": urls.accountTokens,
  "/settings/account/api/auth-tokens/new-token/": urls.accountTokens,
}

type ToPage = (org: string, part: (name: string) => string) => string

const IN_ORGANIZATION: Record<string, ToPage> = {
  "/organizations/:org/": (org) => urls.issues(org),
  "/organizations/:org/settings/": (org) => urls.organizationSettings(org),
  "/organizations/:org/members/": (org) => urls.members(org),
  "/organizations/:org/teams/": (org) => urls.teams(org),
  "/organizations/:org/insights/projects/": (org) => urls.projects(org),
  "/organizations/:org/user-feedback/": (org) => urls.feedback(org),
  "/organizations/:org/explore/releases/": (org) => urls.releases(org),
  "/organizations/:org/explore/releases/:version/": (org, part) =>
    urls.release(org, part("version")),
  "/organizations/:org/explore/releases/:version/commits/": (org, part) =>
    urls.releaseCommits(org, part("version")),
  "/organizations/:org/explore/releases/:version/files-changed/": (org, part) =>
    urls.releaseFiles(org, part("version")),
  "/settings/:org/auth-tokens/new-token/": (org) => urls.authTokens(org),
  "/settings/:org/projects/:project/install/": (org, part) =>
    urls.gettingStarted(org, part("project")),
  "/settings/:org/projects/:project/filters/": (org, part) =>
    urls.projectFilters(org, part("project")),
  "/settings/:org/:project/filters/data-filters/": (org, part) =>
    urls.projectFilters(org, part("project")),
  "/:org/:project/settings/filters/data-filters/": (org, part) =>
    urls.projectFilters(org, part("project")),
  "/:org/:project/settings/filters/": (org, part) => urls.projectFilters(org, part("project")),
  "/:org/": (org) => urls.issues(org),
  "/:org/issues/:issue/": (org, part) => urls.issue(org, part("issue")),
  "/:org/:project/getting-started/": (org, part) => urls.gettingStarted(org, part("project")),
  "/:org/:project/getting-started/:platform/": (org, part) =>
    `${urls.gettingStarted(org, part("project"))}?platform=${encodeURIComponent(part("platform"))}`,
  "/:org/:project/settings/": (org, part) => urls.projectSettings(org, part("project")),
  "/:org/:project/": (org, part) => urls.project(org, part("project")),
  "/:org/:project/issues/:issue/": (org, part) => urls.issue(org, part("issue")),
  "/:org/:project/group/:issue/": (org, part) => urls.issue(org, part("issue")),
  "/:org/:project/issues/:issue/events/:event/": (org, part) =>
    urls.event(org, part("issue"), part("event")),
}

function startOf(c: WebContext): string {
  const [first] = viewerOf(c).memberships
  return first ? urls.issues(first.slug) : urls.accountDetails()
}

function firstOrganization(c: WebContext): string {
  return viewerOf(c).memberships[0]?.slug ?? ""
}

function settingsPath(path: string): string {
  const [, , org = "", ...rest] = path.split("/")
  return rest[0] === "settings" ? `/settings/${org}/${rest.slice(1).join("/")}` : path
}

function withQuery(c: WebContext, path: string): string {
  const { search } = new URL(c.req.url)
  return search === "" || path.includes("?") ? path : path + search
}
