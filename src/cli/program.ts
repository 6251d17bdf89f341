import { Command, Option } from "commander"
import { messageOf } from "#platform/errors.ts"
import { VERSION } from "#platform/version.ts"
import { cleanupCommand } from "./commands/cleanup.ts"
import { configCommand } from "./commands/config.ts"
import { createuserCommand } from "./commands/createuser.ts"
import { healthCommand } from "./commands/health.ts"
import { initCommand } from "./commands/init.ts"
import { orgsCommand } from "./commands/orgs.ts"
import { projectsCommand } from "./commands/projects.ts"
import { queuesCommand } from "./commands/queues.ts"
import { runCommand } from "./commands/run.ts"
import { sendTestEmailCommand } from "./commands/send-test-email.ts"
import { sendTestEventCommand } from "./commands/send-test-event.ts"
import { setupUrlCommand } from "./commands/setup-url.ts"
import { sourceMapsCommand } from "./commands/source-maps.ts"
import { tokensCommand } from "./commands/tokens.ts"
import { unpackPostgresCommand } from "./commands/unpack-postgres.ts"
import { upgradeCommand } from "./commands/upgrade.ts"
import { versionCommand } from "./commands/version.ts"
import { endingOf } from "./exit.ts"
import { say } from "./terminal.ts"

const HELP_WIDTH = 100

/** Runs one command line and returns the exit code. `argv` is process.argv. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync(argv)
    return Number(process.exitCode ?? 0)
  } catch (error) {
    const { exitCode, message } = endingOf(error)
    if (message) say(`sentry-lite: ${message}`)
    if (process.env.SENTRY_LOG_LEVEL?.toUpperCase() === "DEBUG" && message) say(stackOf(error))
    return exitCode
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
}

export function buildProgram(): Command {
  const program = new Command("sentry-lite")
    .description(
      "Error tracking in one executable: takes the errors of Sentry's SDKs, shows them, and tells people.",
    )
    .configureHelp({ helpWidth: HELP_WIDTH })
    .version(VERSION, "--version", "print the version")
    .option("--config <path>", "folder or file of the configuration (SENTRY_CONF)")
    .option("--data <folder>", "data folder of an appliance (SENTRY_LITE_DATA)")
    .option("-l, --loglevel <level>", "DEBUG, INFO, WARNING, ERROR or FATAL (SENTRY_LOG_LEVEL)")
    .option("--logformat <format>", "human or machine (SENTRY_LOG_FORMAT)")
    .option("--no-input", "never ask questions")
    .addOption(new Option("--noinput", "the same").hideHelp())
    .showHelpAfterError("(--help tells more)")
  for (const command of commands()) program.addCommand(command)
  program.addCommand(unpackPostgresCommand(), { hidden: true })
  for (const command of withDescendants(program)) {
    command.exitOverride().configureHelp({ helpWidth: HELP_WIDTH, showGlobalOptions: true })
  }
  return program
}

function commands(): Command[] {
  return [
    initCommand(),
    configCommand(),
    upgradeCommand(),
    createuserCommand(),
    runCommand(),
    setupUrlCommand(),
    orgsCommand(),
    projectsCommand(),
    tokensCommand(),
    cleanupCommand(),
    sourceMapsCommand(),
    queuesCommand(),
    sendTestEventCommand(),
    sendTestEmailCommand(),
    healthCommand(),
    versionCommand(),
  ]
}

export function withDescendants(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withDescendants)]
}
