import { Command } from "commander"
import { deleteDeadLetter, listDeadLetters } from "#events/dead-letter-store.ts"
import { contextOf } from "../../context.ts"
import { withApp, withDatabase } from "../../database.ts"
import { CommandFailed, EXIT } from "../../exit.ts"
import { printJson, printTable, say } from "../../terminal.ts"
import { numericId } from "../arguments.ts"

const PAGE = 1000

export function dlqCommand(): Command {
  return new Command("dlq")
    .description("dead letters: messages that failed too often; kept for worker.dlq.retention-days")
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(retryCommand())
    .addCommand(deleteCommand())
}

function listCommand(): Command {
  return new Command("list")
    .description("list the latest: id, project, when it failed, why")
    .option("--json", "print JSON")
    .action(async (flags: { json?: boolean }, command: Command) => {
      const letters = await withDatabase(contextOf(command), (sql) =>
        listDeadLetters(sql, { beforeId: null, limit: PAGE }),
      )
      if (flags.json) return printJson(letters)
      printTable(
        letters.map(({ id, projectId, failedAt, error }) => [
          id,
          projectId ?? "-",
          failedAt.toISOString(),
          error,
        ]),
      )
    })
}

function showCommand(): Command {
  return new Command("show")
    .description("print one as JSON, with the request as it came (it may hold secrets)")
    .argument("<id>", "its id, as list shows it", numericId)
    .action(async (id: string, _flags: object, command: Command) => {
      const context = contextOf(command)
      const { openDeadLetter } = await import("#pipeline/dead-letters.ts")
      const letter = await withDatabase(context, (sql) =>
        openDeadLetter(sql, {
          id,
          secretKey: context.config["system.secret-key"],
          maxBytes: context.config["ingest.max-envelope-bytes"],
        }),
      )
      printJson({ ...letter, body: new TextDecoder().decode(letter.body) })
    })
}

function retryCommand(): Command {
  return new Command("retry")
    .description("process it once more; what fails again comes back under a new id")
    .argument("[id]", "its id, as list shows it", numericId)
    .option("--all", "all that list shows")
    .action(async (id: string | undefined, flags: { all?: boolean }, command: Command) => {
      if (id === undefined && !flags.all) throw new CommandFailed(EXIT.usage, "missing ID or --all")
      await withApp(contextOf(command), async (app) => {
        const { replayDeadLetter } = await import("#pipeline/dead-letters.ts")
        const { createLine } = await import("#pipeline/line.ts")
        const listed = await listDeadLetters(app.sql, { beforeId: null, limit: PAGE })
        const ids = id === undefined ? listed.map((letter) => letter.id) : [id]
        const line = createLine(app)
        for (const each of ids) await replayDeadLetter(line, each, new AbortController().signal)
        say(`Processed again: ${ids.length}`)
      })
    })
}

function deleteCommand(): Command {
  return new Command("delete")
    .description("throw one away; its outcome stays counted")
    .argument("<id>", "its id, as list shows it", numericId)
    .action(async (id: string, _flags: object, command: Command) => {
      const found = await withDatabase(contextOf(command), (sql) => deleteDeadLetter(sql, id))
      if (!found) throw new CommandFailed(EXIT.nothingToDo, `there is no dead letter ${id}`)
      say(`Dead letter deleted: ${id}`)
    })
}
