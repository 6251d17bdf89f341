import { Argument, Command } from "commander"
import type { App } from "#app.ts"
import { deleteOldDeadLetters } from "#events/dead-letter-store.ts"
import { contextOf, mayAsk } from "../../context.ts"
import { requireQueue, withApp } from "../../database.ts"
import { CommandFailed, EXIT } from "../../exit.ts"
import { ask, say } from "../../terminal.ts"

const QUEUES = ["ingest", "dead-letters"] as const

export function purgeCommand(): Command {
  return new Command("purge")
    .description("throw away what waits in a queue; its items are counted as discarded")
    .addArgument(new Argument("<queue>", "its name, as list shows it").choices(QUEUES))
    .option("-f, --force", "do not ask")
    .action(
      async (queue: (typeof QUEUES)[number], flags: { force?: boolean }, command: Command) => {
        if (!flags.force) await confirm(queue, mayAsk(command))
        const purge = queue === "ingest" ? purgeIngest : purgeDeadLetters
        const count = await withApp(contextOf(command), purge)
        say(`Poof, ${count} messages deleted`)
      },
    )
}

async function confirm(queue: string, isAskingAllowed: boolean): Promise<void> {
  const question = `What waits in ${queue} is lost for ever. Type its name to go on:`
  const answer = await ask(question, { flag: "--force", mayAsk: isAskingAllowed })
  if (answer.trim() !== queue) throw new CommandFailed(EXIT.nothingToDo, "Nothing was deleted.")
}

async function purgeIngest(app: App): Promise<number> {
  requireQueue(app)
  const { createIngestQueue } = await import("#pipeline/ingest-queue.ts")
  const { createLine } = await import("#pipeline/line.ts")
  const { purge } = await import("#pipeline/purge.ts")
  const queue = createIngestQueue(app, `purge-${crypto.randomUUID()}`)
  try {
    const count = await purge(createLine(app), queue, new AbortController().signal)
    if (app.shape === "appliance" && count === 0 && (await queue.backlog()).bytes > 0) {
      throw new CommandFailed(EXIT.locked, "a running worker holds what waits; stop it first")
    }
    return count
  } finally {
    await queue.stop()
  }
}

function purgeDeadLetters(app: App): Promise<number> {
  return deleteOldDeadLetters(app.sql, app.clock.now())
}
