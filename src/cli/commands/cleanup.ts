import { Command } from "commander"
import type { CleanupReport } from "#maintenance/cleanup.ts"
import { contextOf } from "../context.ts"
import { withApp } from "../database.ts"
import { CommandFailed, EXIT } from "../exit.ts"
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
    .action(async (flags: Flags, running: Command) => {
      const context = contextOf(running)
      const { cleanup } = await import("#maintenance/cleanup.ts")
      const report = await withApp(context, (app) => {
        const days = flags.days ?? app.config["system.event-retention-days"]
        if (days === 0) {
          throw new CommandFailed(
            EXIT.nothingToDo,
            "events are kept for ever; --days says otherwise",
          )
        }
        return cleanup(app, {
          days,
          dryRun: flags.dryRun ?? false,
          force: flags.force ?? false,
          ...(flags.maxBytes !== undefined && { maxBytes: checkedBytes(flags.maxBytes) }),
        })
      })
      if (!flags.silent) show(report, flags)
    })
  return withIgnoredOptions(command, IGNORED)
}

function checkedBytes(bytes: number): number {
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes
  throw new CommandFailed(EXIT.usage, "--max-bytes must be a whole number above 0")
}

function show(report: CleanupReport, flags: Flags): void {
  if (flags.json) printJson(report)
  else printTable(report.days.map(({ table, day, bytes }) => [day, table, `${bytes} B`]))
  const verb = flags.dryRun ? "Would remove" : "Removed"
  const { days, issues, oldestDay } = report
  say(`${verb} ${days.length} partitions and ${issues} issues; kept from ${oldestDay} on.`)
}
