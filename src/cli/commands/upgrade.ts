import { Command } from "commander"
import { hasUsers } from "#accounts/users/store.ts"
import { migrations } from "#migrations.ts"
import { schemaState } from "#platform/migrate.ts"
import { type Context, contextOf, mayAsk } from "../context.ts"
import { createuser } from "../createuser.ts"
import { withConnection, withDatabase, withDatabaseUrl } from "../database.ts"
import { CommandFailed, EXIT } from "../exit.ts"
import { createFirstOrganization } from "../first-organization.ts"
import { upgradeDatabase, withUpgradeLock } from "../schema.ts"
import { ask, isInteractive, print, say } from "../terminal.ts"
import { wholeNumber } from "./arguments.ts"
import { personFrom } from "./createuser.ts"

type Flags = { check?: boolean; plan?: boolean; lockTimeout: number }

export function upgradeCommand(): Command {
  return new Command("upgrade")
    .description("bring the database up to this version; run it before the other processes")
    .option("--check", "change nothing; exit code 1 when there is something to do")
    .option("--plan", "change nothing; print the SQL that would run")
    .option("--lock", "wait for another upgrade to end, as it does anyway")
    .option("--lock-timeout <seconds>", "how long it waits", wholeNumber, 60)
    .option("--no-repair", "accepted for old scripts; there is nothing to repair")
    .option("-v, --verbosity <level>", "accepted for old scripts")
    .option("--traceback", "accepted for old scripts")
    .action(async (flags: Flags, command: Command) => {
      const context = contextOf(command)
      if (flags.check || flags.plan) return withDatabaseUrl(context, (url) => report(url, flags))
      await withDatabaseUrl(context, (url) => upgrade(context, url, flags))
      await offerFirstUser(context, command)
    })
}

async function report(url: string, flags: Flags): Promise<void> {
  const { missing } = await withConnection(url, (sql) => schemaState(sql, migrations))
  for (const { name, sql } of migrations.filter((each) => missing.includes(each.name))) {
    print(flags.plan ? `-- ${name}\n${sql}` : name)
  }
  if (missing.length === 0) say("The database is up to date.")
  else if (flags.check)
    throw new CommandFailed(EXIT.failure, "the database is older than this program")
}

async function upgrade(context: Context, url: string, flags: Flags): Promise<void> {
  const applied = await withUpgradeLock(url, flags.lockTimeout, () =>
    upgradeDatabase(context, url, (name) => say(`Applied ${name}`)),
  )
  say(applied.length === 0 ? "The database is up to date." : "The database is ready.")
}

/** As Sentry does on an empty database; without a terminal, the hint how to do it later. */
async function offerFirstUser(context: Context, command: Command): Promise<void> {
  await withDatabase(context, async (sql) => {
    if (await hasUsers(sql)) return
    if (!mayAsk(command) || !isInteractive()) {
      say("There is no user yet. Create one: sentry-lite createuser --superuser")
      return
    }
    const answer = await ask("Would you like to create a user account now? [Y/n]", {
      flag: "--noinput",
      mayAsk: true,
    })
    if (/^n(o)?$/i.test(answer)) return
    await createFirstOrganization(sql)
    await createuser(context.config, sql, await personFrom({ superuser: true }, true))
  })
}
