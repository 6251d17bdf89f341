import { Command } from "commander"
import { cliActor } from "#accounts/organizations/actor.ts"
import { createOrganization } from "#accounts/organizations/organizations.ts"
import { listOrganizations } from "#accounts/organizations/store.ts"
import { findUserByEmail } from "#accounts/users/store.ts"
import { normalizeEmail } from "#accounts/users/user.ts"
import type { Db } from "#platform/db.ts"
import { contextOf } from "../context.ts"
import { withDatabase } from "../database.ts"
import { CommandFailed, EXIT } from "../exit.ts"
import { print, printJson, printTable, say } from "../terminal.ts"

export function orgsCommand(): Command {
  return new Command("orgs")
    .description("list and create organizations")
    .addCommand(listCommand())
    .addCommand(createCommand())
}

function listCommand(): Command {
  return new Command("list")
    .description("list the organizations: slug, name, id")
    .option("--json", "print JSON")
    .action(async (flags: { json?: boolean }, command: Command) => {
      const organizations = await withDatabase(contextOf(command), listOrganizations)
      if (flags.json) printJson(organizations)
      else printTable(organizations.map(({ slug, name, id }) => [slug, name, id]))
    })
}

type CreateFlags = { name?: string; owner?: string; json?: boolean }

function createCommand(): Command {
  return new Command("create")
    .description("create an organization with a team of the same name, and print its slug")
    .argument("<slug>", "its name in addresses: small letters, digits, - and _")
    .option("--name <name>", "its name for people; default: the slug")
    .option("--owner <email>", "a user who becomes its owner")
    .option("--json", "print JSON")
    .action(async (slug: string, flags: CreateFlags, command: Command) => {
      const organization = await withDatabase(contextOf(command), (sql) =>
        sql.begin(async (tx) => {
          const owner = flags.owner === undefined ? null : await userNamed(tx, flags.owner)
          return createOrganization(tx, cliActor, { slug, name: flags.name ?? slug }, owner)
        }),
      )
      if (flags.json) return printJson(organization)
      print(organization.slug)
      say(`Organization created: ${organization.name}`)
    })
}

async function userNamed(db: Db, email: string) {
  const user = await findUserByEmail(db, normalizeEmail(email))
  if (!user) throw new CommandFailed(EXIT.failure, `there is no user ${email}`)
  return user
}
