import { Command } from "commander"
import { contextOf, mayAsk } from "../context.ts"
import { createuser, type NewPerson } from "../createuser.ts"
import { withDatabase } from "../database.ts"
import { CommandFailed, EXIT } from "../exit.ts"
import { ask, isInteractive, readInput } from "../terminal.ts"

type Flags = {
  email?: string
  name?: string
  /** false after --no-password. */
  password?: string | false
  passwordStdin?: boolean
  superuser?: boolean
  forceUpdate?: boolean
  org?: string
  role?: string
  printResetLink?: boolean
}

export function createuserCommand(): Command {
  return new Command("createuser")
    .description("create a user; exit code 3 when there is one with this address")
    .option("--email <email>", "what they log in with")
    .option("--name <name>", "what they are called")
    .option("--password <password>", "their password; better: --password-stdin")
    .option("--no-password", "none: they set it with a link of --print-reset-link")
    .option("--password-stdin", "read the password from standard input")
    .option("--superuser", "may do everything everywhere")
    .option("--no-superuser", "an ordinary user")
    .option("--force-update", "change password and rights of a user who exists")
    .option("--org <slug>", "organization to join; default: the only one")
    .option("--role <role>", "in it: owner, manager, admin, member or billing")
    .option("--print-reset-link", "print a link with which they set their password")
    .action(async (flags: Flags, command: Command) => {
      const context = contextOf(command)
      const person = await personFrom(flags, mayAsk(command))
      await withDatabase(context, (sql) => createuser(context.config, sql, person))
    })
}

export async function personFrom(flags: Flags, may: boolean): Promise<NewPerson> {
  const email = flags.email ?? (await ask("Email:", { flag: "--email", mayAsk: may }))
  const password = await passwordFrom(flags, may)
  const isSuperuser = flags.superuser ?? (await wantsSuperuser(may))
  return {
    email,
    name: flags.name ?? "",
    password,
    isSuperuser,
    forceUpdate: flags.forceUpdate ?? false,
    organization: flags.org,
    role: flags.role,
    printResetLink: flags.printResetLink ?? false,
  }
}

/** null: no password. */
async function passwordFrom(flags: Flags, may: boolean): Promise<string | null> {
  if (flags.passwordStdin) return readInput()
  if (typeof flags.password === "string") return flags.password
  if (flags.password === false) return null
  const flag = "--password, --password-stdin or --no-password"
  const first = await ask("Password:", { flag, hidden: true, mayAsk: may })
  const second = await ask("Repeat:", { flag, hidden: true, mayAsk: may })
  if (first !== second) throw new CommandFailed(EXIT.usage, "the two passwords differ")
  return first
}

async function wantsSuperuser(may: boolean): Promise<boolean> {
  if (!may || !isInteractive()) return false
  const answer = await ask("Should this user be a superuser? [y/N]", {
    flag: "--superuser",
    mayAsk: true,
  })
  return /^y(es)?$/i.test(answer)
}
