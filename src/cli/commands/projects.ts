import { Command } from "commander"
import { cliActor } from "#accounts/organizations/actor.ts"
import type { Organization } from "#accounts/organizations/store.ts"
import { listTeams } from "#accounts/organizations/teams-store.ts"
import type { Config } from "#config.ts"
import type { Db } from "#platform/db.ts"
import { listProjectKeys } from "#projects/keys-store.ts"
import { isPlatform, PLATFORMS } from "#projects/platforms.ts"
import { createProject } from "#projects/projects.ts"
import { listProjects, type Project } from "#projects/store.ts"
import { contextOf } from "../context.ts"
import { withDatabase } from "../database.ts"
import { dsnFor } from "../dsn.ts"
import { CommandFailed, EXIT } from "../exit.ts"
import { organizationOf } from "../organization.ts"
import { projectNamed } from "../project.ts"
import { print, printJson, printTable, say } from "../terminal.ts"

export function projectsCommand(): Command {
  return new Command("projects")
    .description("list and create projects, print their DSNs")
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(dsnCommand())
}

type CreateFlags = {
  org?: string
  platform: string
  team?: string
  name?: string
  dsnOnly?: boolean
  json?: boolean
}

function createCommand(): Command {
  return new Command("create")
    .description("create a project with a key")
    .argument("<slug>", "its name in addresses: small letters, digits, - and _")
    .option("--org <slug>", "its organization; may be left out when there is one")
    .option("--platform <platform>", "what it is written in", "other")
    .option("--team <slug>", "whose project it is; default: the team named like the organization")
    .option("--name <name>", "its name for people; default: the slug")
    .option("--dsn-only", "print its DSN and nothing else")
    .option("--json", "print JSON")
    .action(async (slug: string, flags: CreateFlags, command: Command) => {
      checkPlatform(flags.platform)
      const context = contextOf(command)
      await withDatabase(context, async (sql) => {
        const organization = await organizationOf(sql, flags.org)
        const teams = [flags.team ?? (await defaultTeam(sql, organization))]
        const { platform, name = slug } = flags
        const { project, key } = await sql.begin((tx) =>
          createProject(tx, cliActor, {
            organizationId: organization.id,
            slug,
            name,
            platform,
            teams,
          }),
        )
        showCreated(context.config, organization, project, key, flags)
      })
    })
}

function showCreated(
  config: Config,
  organization: Organization,
  project: Project,
  key: { publicKey: string },
  flags: CreateFlags,
): void {
  const dsn = dsnFor(config, key, project.id)
  const { id, slug, name, platform } = project
  if (flags.dsnOnly) print(dsn)
  else if (flags.json) printJson({ id, slug, name, platform, organization: organization.slug, dsn })
  else printTable([[slug, dsn]])
  say(`Project created: ${organization.slug}/${slug}`)
}

function checkPlatform(platform: string): void {
  if (isPlatform(platform)) return
  const known = PLATFORMS.map(({ id }) => id).join(", ")
  throw new CommandFailed(EXIT.usage, `--platform ${platform}: there are ${known}`)
}

/** The team that came with the organization; if it was renamed, the first. */
async function defaultTeam(db: Db, organization: Organization): Promise<string> {
  const teams = await listTeams(db, organization.id)
  const namesake = teams.find((team) => team.slug === organization.slug) ?? teams[0]
  if (namesake) return namesake.slug
  throw new CommandFailed(EXIT.usage, `missing --team: ${organization.slug} has none`)
}

function listCommand(): Command {
  return new Command("list")
    .description("list the projects of an organization: slug, platform, name, id")
    .option("--org <slug>", "which organization; may be left out when there is one")
    .option("--json", "print JSON")
    .action(async (flags: { org?: string; json?: boolean }, command: Command) => {
      const projects = await withDatabase(contextOf(command), async (sql) =>
        listProjects(sql, (await organizationOf(sql, flags.org)).id),
      )
      const rows = projects.map(({ slug, platform, name, id }) => ({ slug, platform, name, id }))
      if (flags.json) printJson(rows)
      else printTable(rows.map(Object.values))
    })
}

function dsnCommand(): Command {
  return new Command("dsn")
    .description("print the DSNs of a project's active keys")
    .argument("<project>", "its slug, ORG/SLUG or id")
    .option("--org <slug>", "its organization; may be left out when there is one")
    .option("--json", "print JSON")
    .action(async (written: string, flags: { org?: string; json?: boolean }, command: Command) => {
      const context = contextOf(command)
      const keys = await withDatabase(context, async (sql) => {
        const project = await projectNamed(sql, written, flags.org)
        return listProjectKeys(sql, project.id)
      })
      const rows = keys
        .filter((key) => key.isActive)
        .map((key) => ({ label: key.label, dsn: dsnFor(context.config, key, key.projectId) }))
      if (flags.json) printJson(rows)
      else for (const { dsn } of rows) print(dsn)
    })
}
