import { Command } from "commander"
import { countDeadLetters } from "#events/dead-letter-store.ts"
import { contextOf } from "../context.ts"
import { requireQueue, withApp } from "../database.ts"
import { printJson, printTable } from "../terminal.ts"
import { dlqCommand } from "./queues/dlq.ts"
import { purgeCommand } from "./queues/purge.ts"

export function queuesCommand(): Command {
  return new Command("queues")
    .description("see or throw away what waits, and what could not be processed")
    .addCommand(listCommand())
    .addCommand(purgeCommand())
    .addCommand(dlqCommand())
}

type Queue = { name: string; records: number | null; bytes: number | null; oldestAt: Date | null }

function listCommand(): Command {
  return new Command("list")
    .description("list the queues: name, messages, bytes, age of the oldest; ? is not known")
    .option("--json", "print JSON")
    .action(async (flags: { json?: boolean }, command: Command) => {
      const queues = await withApp(contextOf(command), async (app): Promise<Queue[]> => {
        requireQueue(app)
        const { createIngestQueue } = await import("#pipeline/ingest-queue.ts")
        const ingest = createIngestQueue(app, "command")
        const backlog = await ingest.backlog()
        await ingest.stop()
        const dead = await countDeadLetters(app.sql)
        return [
          { name: "ingest", ...backlog },
          { name: "dead-letters", records: dead, bytes: null, oldestAt: null },
        ]
      })
      if (flags.json) printJson(queues)
      else printTable(queues.map(lineOf))
    })
}

function lineOf({ name, records, bytes, oldestAt }: Queue): string[] {
  const age = oldestAt ? `${Math.round((Date.now() - oldestAt.getTime()) / 1000)} s` : ""
  return [name, String(records ?? "?"), bytes === null ? "" : `${bytes} B`, age]
}
