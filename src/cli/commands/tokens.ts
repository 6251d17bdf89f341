import { Command } from "commander"
import { cliActor } from "#accounts/organizations/actor.ts"
import { listApiTokens } from "#accounts/tokens/store.ts"
import { createOrganizationToken, revokeOrganizationToken } from "#accounts/tokens/tokens.ts"
import { publicAddress } from "#config.ts"
import { systemClock } from "#platform/clock.ts"
import { contextOf } from "../context.ts"
import { withDatabase } from "../database.ts"
import { organizationOf } from "../organization.ts"
import { print, printJson, printTable, say } from "../terminal.ts"
import { duration, numericId, words } from "./arguments.ts"

export function tokensCommand(): Command {
  return new Command("tokens")
    .description("create, list and revoke an organization's API tokens")
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand())
}

type CreateFlags = {
  org?: string
  scopes: string[]
  name: string
  expires?: number
  json?: boolean
}

function createCommand(): Command {
  return new Command("create")
    .description("create a token and print it; it is never shown again")
    .requiredOption("--scopes <scopes>", "what it may do: org:ci, project:read, ...", words)
    .option("--org <slug>", "its organization; may be left out when there is one")
    .option("--name <name>", "what it is for", "command line")
    .option(
      "--expires <time>",
      "how long it works: 12h, 90d, 4w; default: until it is revoked",
      duration,
    )
    .option("--json", "print JSON")
    .action(async (flags: CreateFlags, command: Command) => {
      const context = contextOf(command)
      const { name, scopes } = flags
      const expiresAt = flags.expires ? new Date(systemClock.now().getTime() + flags.expires) : null
      const { id, token } = await withDatabase(context, async (sql) => {
        const organization = await organizationOf(sql, flags.org)
        // The address is part of the token: an empty one would send sentry-cli elsewhere.
        const config = { ...context.config, "system.url-prefix": publicAddress(context.config) }
        const app = { config, clock: systemClock }
        const wanted = { name, scopes, expiresAt }
        return sql.begin((tx) => createOrganizationToken(app, tx, cliActor, organization, wanted))
      })
      if (flags.json) printJson({ id, token, name, scopes, expiresAt })
      else print(token)
    })
}

function listCommand(): Command {
  return new Command("list")
    .description("list the tokens: id, last characters, scopes, name, when they end")
    .option("--org <slug>", "which organization; may be left out when there is one")
    .option("--json", "print JSON")
    .action(async (flags: { org?: string; json?: boolean }, command: Command) => {
      const tokens = await withDatabase(contextOf(command), async (sql) =>
        listApiTokens(sql, { organizationId: (await organizationOf(sql, flags.org)).id }),
      )
      if (flags.json) return printJson(tokens)
      printTable(
        tokens.map(({ id, lastCharacters, scopes, name, expiresAt }) => [
          id,
          `...${lastCharacters}`,
          scopes.join(","),
          name,
          expiresAt?.toISOString().slice(0, 16) ?? "",
        ]),
      )
    })
}

function revokeCommand(): Command {
  return new Command("revoke")
    .description("make a token worthless")
    .argument("<id>", 'its id, as "tokens list" shows it', numericId)
    .option("--org <slug>", "its organization; may be left out when there is one")
    .action(async (id: string, flags: { org?: string }, command: Command) => {
      await withDatabase(contextOf(command), async (sql) => {
        const organization = await organizationOf(sql, flags.org)
        await sql.begin((tx) => revokeOrganizationToken(tx, cliActor, organization.id, id))
      })
      say(`Token revoked: ${id}`)
    })
}
