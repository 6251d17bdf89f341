import { Command } from "commander"
import { contextOf } from "../context.ts"
import { withApp } from "../database.ts"
import { CommandFailed, EXIT } from "../exit.ts"
import { projectNamed } from "../project.ts"
import { printJson, say } from "../terminal.ts"

type Flags = { silent?: boolean; json?: boolean }

export function sourceMapsCommand(): Command {
  return new Command("sourcemaps")
    .description("source maps and debug files")
    .addCommand(applyCommand())
}

function applyCommand(): Command {
  return new Command("apply")
    .description("map stored events by source maps and debug files that were uploaded after them")
    .argument("<project>", "ORG/SLUG, slug or id")
    .option("-q, --silent", "print nothing")
    .option("--json", "print JSON: how many events there are, were mapped, have another issue now")
    .action(async (written: string, flags: Flags, command: Command) => {
      await withApp(contextOf(command), async (app) => {
        const { applyUploads } = await import("#maintenance/remap/apply-uploads.ts")
        const { createSymbolication } = await import("#symbolication/symbolication.ts")
        const { id } = await projectNamed(app.sql, written)
        const symbolication = createSymbolication(app)
        const tell = (text: string) => (flags.silent ? undefined : say(text))
        try {
          const run = await applyUploads({ ...app, symbolication }, id, ({ lookedAt, total }) =>
            tell(`${lookedAt} of ${total} events`),
          )
          if (flags.json) printJson({ events: run.lookedAt, mapped: run.mapped, moved: run.moved })
          else tell(`${run.mapped} events mapped, ${run.moved} of them in other issues now.`)
        } catch (error) {
          throw failureOf(error)
        } finally {
          await symbolication.stop()
        }
      })
    })
}

function failureOf(error: unknown): unknown {
  const isUnderWay = error instanceof Error && "code" in error && error.code === "conflict"
  return isUnderWay ? new CommandFailed(EXIT.locked, error.message) : error
}
