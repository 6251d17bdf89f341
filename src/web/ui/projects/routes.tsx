import { Hono } from "hono"
import { listMembers } from "#accounts/organizations/members-store.ts"
import { isAtLeast, leastRoleWith } from "#accounts/organizations/roles.ts"
import { listTeams } from "#accounts/organizations/teams-store.ts"
import { slugOf } from "#accounts/slugs.ts"
import { nameOf } from "#accounts/users/user.ts"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { listProjectNumbers, listTopIssues, type ProjectSort } from "#projects/overview-store.ts"
import { isPlatform } from "#projects/platforms.ts"
import { createProject } from "#projects/projects.ts"
import { getProject } from "#projects/store.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../context.ts"
import { requireOrganization, requireScope } from "../../middleware/access.ts"
import { actorIn } from "../actor-in.ts"
import { formErrors, readForm } from "../form-data.ts"
import { shellOf } from "../shell.ts"
import { defaultDsn } from "./dsn.ts"
import { FirstEventStatus } from "./first-event.tsx"
import { firstEventState } from "./first-event-state.ts"
import { GettingStartedPage } from "./getting-started-page.tsx"
import { ProjectListPage } from "./list-page.tsx"
import { type NewProject, NewProjectPage } from "./new-project-page.tsx"
import { ProjectOverviewPage } from "./overview-page.tsx"

const LIST = "/organizations/:org/projects/"
const NEW = "/organizations/:org/projects/new/"
const OVERVIEW = "/organizations/:org/projects/:project/"
const GETTING_STARTED = "/organizations/:org/projects/:project/getting-started/"
const PAGE_SIZE = 50
const MAX_OFFSET = 10_000

export function projectRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const canRead = requireScope("project:read")
  const canWrite = requireScope("project:write")

  routes.get(LIST, requireOrganization, canRead, async (c) => c.html(await listPage(app, c)))

  routes.get(NEW, requireOrganization, canWrite, async (c) => {
    const teams = await teamSlugs(app, c)
    const form = { name: "", slug: "", platform: "", team: teams[0] ?? "" }
    return c.html(<NewProjectPage shell={shellOf(app, c)} teams={teams} form={form} />)
  })
  routes.post(NEW, requireOrganization, canWrite, (c) => create(app, c))

  routes.get(OVERVIEW, requireOrganization, canRead, async (c) =>
    c.html(await overviewPage(app, c)),
  )

  routes.get(GETTING_STARTED, requireOrganization, canRead, async (c) =>
    c.html(await gettingStarted(app, c)),
  )

  return routes
}

async function listPage(app: App, c: WebContext) {
  const { membership } = c.var
  const search = c.req.query("query")?.trim().slice(0, 100) ?? ""
  const sort = sortIn(c.req.query("sort"))
  const offset = Math.min(
    Number(/^\d{1,5}$/.exec(c.req.query("offset") ?? "")?.[0] ?? 0),
    MAX_OFFSET,
  )
  const found = await listProjectNumbers(app.sql, membership.organizationId, {
    search,
    sort,
    offset,
    limit: PAGE_SIZE + 1,
    now: app.clock.now(),
  })
  const projects = found.slice(0, PAGE_SIZE)
  const isEmpty = projects.length === 0 && search === ""
  const link = (from: number) => {
    const fields = { query: search, sort, ...(from > 0 && { offset: String(from) }) }
    return `${urls.projects(membership.slug)}?${new URLSearchParams(fields)}`
  }
  return (
    <ProjectListPage
      shell={shellOf(app, c)}
      organization={membership}
      projects={projects}
      search={search}
      sort={sort}
      canCreate={can(membership, "project:write")}
      creators={isEmpty ? await creators(app, membership.organizationId) : []}
      previous={offset > 0 ? link(Math.max(0, offset - PAGE_SIZE)) : null}
      next={found.length > PAGE_SIZE ? link(offset + PAGE_SIZE) : null}
    />
  )
}

function sortIn(name: string | undefined): ProjectSort {
  return name === "events" || name === "new" ? name : "name"
}

/** A few people who may make a project. */
async function creators(app: App, organizationId: string): Promise<string[]> {
  const least = leastRoleWith("project:write")
  const members = await listMembers(app.sql, organizationId)
  return members
    .filter((member) => member.userId !== null && isAtLeast(member.role, least))
    .slice(0, 3)
    .map(nameOf)
}

async function create(app: App, c: WebContext) {
  const { membership } = c.var
  const data = await readForm(c)
  const form: NewProject = {
    name: data.text("name"),
    slug: data.text("slug"),
    platform: data.text("platform"),
    team: data.text("team"),
  }
  const slug = form.slug || slugOf(form.name)
  const platform = isPlatform(form.platform) ? form.platform : "other"
  const teams = form.team ? [form.team] : []
  const { organizationId } = membership
  const errors = await formErrors(() =>
    app.sql.begin((tx) =>
      createProject(tx, actorIn(c), { organizationId, slug, name: form.name, platform, teams }),
    ),
  )
  if (!errors) return c.redirect(urls.gettingStarted(membership.slug, slug), 303)
  const page = { teams: await teamSlugs(app, c), form, errors }
  return c.html(<NewProjectPage shell={shellOf(app, c)} {...page} />, 422)
}

async function overviewPage(app: App, c: WebContext) {
  const { membership } = c.var
  const project = await getProject(app.sql, membership.organizationId, c.req.param("project") ?? "")
  const [numbers] = await listProjectNumbers(app.sql, membership.organizationId, {
    only: project.id,
    search: "",
    limit: 1,
    now: app.clock.now(),
  })
  if (!numbers) throw new Error("a project without numbers")
  return (
    <ProjectOverviewPage
      shell={shellOf(app, c)}
      organization={membership}
      project={numbers}
      most={await listTopIssues(app.sql, project, "events")}
      newest={await listTopIssues(app.sql, project, "new")}
    />
  )
}

async function gettingStarted(app: App, c: WebContext) {
  const { membership } = c.var
  const project = await getProject(app.sql, membership.organizationId, c.req.param("project") ?? "")
  const state = await firstEventState(app, project, c.req.query("late") === "1")
  const path = urls.gettingStarted(membership.slug, project.slug)
  const status = (
    <FirstEventStatus org={membership.slug} project={project.name} state={state} path={path} />
  )
  if (c.req.query("part") === "first-event") return status
  const chosen = c.req.query("platform") ?? ""
  return (
    <GettingStartedPage
      shell={shellOf(app, c)}
      organization={membership}
      project={project}
      platform={isPlatform(chosen) ? chosen : project.platform}
      dsn={await defaultDsn(app, project.id)}
      status={status}
    />
  )
}

async function teamSlugs(app: App, c: WebContext): Promise<string[]> {
  const teams = await listTeams(app.sql, c.var.membership.organizationId)
  return teams.map((team) => team.slug)
}
