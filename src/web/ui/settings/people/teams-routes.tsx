import { Hono } from "hono"
import { listMembers } from "#accounts/organizations/members-store.ts"
import { changeTeam, createTeam, removeTeam } from "#accounts/organizations/teams.ts"
import { getTeam, listTeamMemberIds, listTeams } from "#accounts/organizations/teams-store.ts"
import { slugOf } from "#accounts/slugs.ts"
import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { urls } from "#urls.ts"
import type { WebContext, WebEnv } from "../../../context.ts"
import { checkScope, requireOrganization, requireScope } from "../../../middleware/access.ts"
import { actorIn } from "../../actor-in.ts"
import type { FieldErrors } from "../../components/forms/form.tsx"
import { setFlash } from "../../flash.ts"
import { type FormData, formErrors, readForm, unknownAction } from "../../form-data.ts"
import { shellOf } from "../../shell.ts"
import { checkConfirmed } from "../confirmed.ts"
import { TeamPage, TeamsPage } from "./teams-pages.tsx"

const TEAMS = "/settings/:org/teams/"
const TEAM = "/settings/:org/teams/:team/"

export function teamRoutes(app: App): Hono<WebEnv> {
  const routes = new Hono<WebEnv>()
  const canRead = requireScope("team:read")
  const canWrite = requireScope("team:write")

  routes.get(TEAMS, requireOrganization, canRead, async (c) => c.html(await teamsPage(app, c, {})))
  routes.post(TEAMS, requireOrganization, canWrite, (c) => create(app, c))

  routes.get(TEAM, requireOrganization, canRead, async (c) => c.html(await teamPage(app, c, {})))
  routes.post(TEAM, requireOrganization, canWrite, async (c) => {
    const form = await readForm(c)
    switch (form.text("action")) {
      case "save":
        return save(app, c, form)
      case "delete":
        return remove(app, c, form)
      default:
        return unknownAction()
    }
  })

  return routes
}

type Extras = { form?: { name: string; slug: string }; errors?: FieldErrors }

async function teamsPage(app: App, c: WebContext, extras: Extras) {
  const { membership } = c.var
  return (
    <TeamsPage
      shell={shellOf(app, c)}
      organization={membership}
      teams={await listTeams(app.sql, membership.organizationId)}
      canWrite={can(membership, "team:write")}
      form={{ name: "", slug: "" }}
      {...extras}
    />
  )
}

async function create(app: App, c: WebContext) {
  const { organizationId, slug: org } = c.var.membership
  const data = await readForm(c)
  const form = { name: data.text("name").slice(0, 64), slug: data.text("slug") }
  const slug = form.slug || slugOf(form.name)
  const errors = await formErrors(() =>
    app.sql.begin((tx) =>
      createTeam(tx, actorIn(c), { organizationId, slug, name: form.name || slug }),
    ),
  )
  if (errors) return c.html(await teamsPage(app, c, { form, errors }), 422)
  return c.redirect(urls.team(org, slug), 303)
}

async function teamPage(app: App, c: WebContext, extras: Extras & { dangerErrors?: FieldErrors }) {
  const { membership } = c.var
  const { organizationId } = membership
  const team = await getTeam(app.sql, organizationId, c.req.param("team") ?? "")
  return (
    <TeamPage
      shell={shellOf(app, c)}
      organization={membership}
      team={team}
      members={await listMembers(app.sql, organizationId)}
      memberIds={await listTeamMemberIds(app.sql, team.id)}
      canWrite={can(membership, "team:write")}
      canDelete={can(membership, "team:admin")}
      form={team}
      {...extras}
    />
  )
}

async function save(app: App, c: WebContext, data: FormData) {
  const { organizationId, slug: org } = c.var.membership
  const team = await getTeam(app.sql, organizationId, c.req.param("team") ?? "")
  const form = { name: data.text("name").slice(0, 64) || team.name, slug: data.text("slug") }
  const memberIds = data.list("members").filter((id) => /^\d{1,18}$/.test(id))
  const errors = await formErrors(() =>
    app.sql.begin((tx) =>
      changeTeam(tx, actorIn(c), { organizationId, id: team.id, ...form, memberIds }),
    ),
  )
  if (errors) return c.html(await teamPage(app, c, { form, errors }), 422)
  setFlash(app, c, { tone: "success", text: "Saved." })
  return c.redirect(urls.team(org, form.slug), 303)
}

async function remove(app: App, c: WebContext, form: FormData) {
  const { membership } = c.var
  checkScope(membership, "team:admin")
  const slug = c.req.param("team") ?? ""
  const errors = await formErrors(async () => {
    checkConfirmed(form, slug)
    const team = { organizationId: membership.organizationId, slug }
    await app.sql.begin((tx) => removeTeam(tx, actorIn(c), team))
  })
  if (errors) return c.html(await teamPage(app, c, { dangerErrors: errors }), 422)
  setFlash(app, c, { tone: "success", text: `#${slug} is deleted.` })
  return c.redirect(urls.teams(membership.slug), 303)
}
