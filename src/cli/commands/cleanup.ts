import { Command } from "commander"
import type { App } from "#app.ts"
import { contextOf } from "../context.ts"
import { withApp } from "../database.ts"
import { CommandFailed, EXIT } from "../exit.ts"
import { projectNamed } from "../project.ts"
import { printJson, printTable, say } from "../terminal.ts"
import { wholeNumber } from "./arguments.ts"
import { withIgnoredOptions } from "./ignored-options.ts"

/** Of Sentry's cleanup, which walks through rows; ours drops whole days. */
const IGNORED = [
  "--concurrency <number>",
  "--max-procs <number>",
  "--max_procs <number>",
  "-m, --model <name>",
  "-r, --router <name>",
  "-t, --timed",
]

type Flags = {
  days?: number
  maxBytes?: number
  project?: string
  dryRun?: boolean
  force?: boolean
  silent?: boolean
  json?: boolean
}

export function cleanupCommand(): Command {
  const command = new Command("cleanup")
    .description(
      "drop old days of events, and issues that have none left; cron does it every night",
    )
    .option(
      "--days <days>",
      "days that are kept; default: system.event-retention-days",
      wholeNumber,
    )
    .option("--max-bytes <bytes>", "also drop the oldest days above this size", Number)
    .option("--dry-run", "only tell what would go")
    .option("--force", "go on although the clocks look wrong")
    .option("-q, --silent", "print nothing")
    .option("--json", "print JSON")
    .option("--project <project>", "only this one's events: ORG/SLUG, slug or id")
    .action(async (flags: Flags, running: Command) => {
      const { project } = flags
      if (project !== undefined && flags.maxBytes !== undefined) {
        throw new CommandFailed(EXIT.usage, "--max-bytes is of all projects; leave out --project")
      }
      await withApp(contextOf(running), (app) =>
        project === undefined ? cleanAll(app, flags) : cleanProject(app, flags, project),
      )
    })
  return withIgnoredOptions(command, IGNORED)
}

async function cleanAll(app: App, flags: Flags): Promise<void> {
  const { cleanup } = await import("#maintenance/cleanup.ts")
  const { maxBytes } = flags
  const size = maxBytes === undefined ? {} : { maxBytes: checkedBytes(maxBytes) }
  const report = await cleanup(app, { ...optionsOf(app, flags), ...size })
  if (flags.silent) return
  if (flags.json) printJson(report)
  else printTable(report.days.map(({ table, day, bytes }) => [day, table, `${bytes} B`]))
  sum(flags, `${report.days.length} partitions`, report)
}

async function cleanProject(app: App, flags: Flags, written: string): Promise<void> {
  const { cleanupProject } = await import("#maintenance/cleanup-project.ts")
  const { id: projectId } = await projectNamed(app.sql, written)
  const report = await cleanupProject(app, { ...optionsOf(app, flags), projectId })
  if (flags.silent) return
  if (flags.json) printJson(report)
  sum(flags, `${report.events} events`, report)
}

function optionsOf({ config }: App, flags: Flags) {
  const days = flags.days ?? config["system.event-retention-days"]
  if (days === 0) {
    throw new CommandFailed(EXIT.nothingToDo, "events are kept for ever; --days says otherwise")
  }
  return { days, dryRun: flags.dryRun ?? false, force: flags.force ?? false }
}

function checkedBytes(bytes: number): number {
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes
  throw new CommandFailed(EXIT.usage, "--max-bytes must be a whole number above 0")
}

function sum(flags: Flags, what: string, report: { issues: number; oldestDay: string }): void {
  const verb = flags.dryRun ? "Would remove" : "Removed"
  say(`${verb} ${what} and ${report.issues} issues; kept from ${report.oldestDay} on.`)
}
