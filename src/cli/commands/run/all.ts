import { Command } from "commander"
import { hasUsers } from "#accounts/users/store.ts"
import { localAddress, publicAddress } from "#config.ts"
import { createNotifier } from "#platform/notify.ts"
import { commandLine } from "#supervisor/command-line.ts"
import { superviseAll } from "#supervisor/supervise.ts"
import { NO_FILE } from "../../configuration/discover.ts"
import { environmentFor } from "../../configuration/environment.ts"
import { type Context, contextOf } from "../../context.ts"
import { withConnection } from "../../database.ts"
import { requireSchema, upgradeDatabase, withUpgradeLock } from "../../schema.ts"
import { setupLink } from "../../setup-link.ts"
import { readStoredOptions } from "../../stored-options.ts"
import { say } from "../../terminal.ts"
import { rememberWebAddress } from "../../web-address.ts"
import { wholeNumber } from "../arguments.ts"
import { type WebFlags, webValues, withWebOptions } from "./flags.ts"

type Flags = WebFlags & { concurrency?: number }

export function allCommand(): Command {
  return withWebOptions(new Command("all"))
    .description("run everything on this machine: PostgreSQL, web, worker and cron")
    .option("-c, --concurrency <number>", "worker processes", wholeNumber)
    .action(async (flags: Flags, command: Command) => {
      const context = contextOf(command, [
        ...webValues(flags),
        ["worker.concurrency", "--concurrency", flags.concurrency],
      ])
      await runAll(context)
    })
}

async function runAll(context: Context): Promise<void> {
  const { config, loaded, log } = context
  const notifier = createNotifier(process.env.NOTIFY_SOCKET, process.env.WATCHDOG_USEC)
  await superviseAll({
    dataDirectory: config["system.data-directory"],
    databaseUrl: config["database.url"],
    secretKey: config["system.secret-key"],
    bind: { host: config["web.host"], port: config["web.port"] },
    web: config["web.workers"],
    worker: config["worker.concurrency"],
    globalArguments: ["--config", NO_FILE],
    environment: environmentFor(loaded, process.env),
    reload: () => {
      context.reload()
      return environmentFor(loaded, process.env)
    },
    drainMs: config["web.drain-timeout"] * 1000,
    log,
    upgrade: async (url) => {
      // Before anything answers: a command may be quicker than the rest of the start.
      await rememberWebAddress(config["system.data-directory"], localAddress(config))
      await withUpgradeLock(url, 60, () => upgradeDatabase(context, url))
      await withConnection(url, requireSchema)
    },
    onReady: async (url) => {
      notifier.ready()
      await welcome(context, url)
    },
  })
  notifier.stopping()
}

/** How to go on: while there is nobody yet, the link that makes the first administrator, and the way without a browser. */
async function welcome({ config, loaded }: Context, url: string): Promise<void> {
  const link = await withConnection(url, async (sql) => {
    await readStoredOptions(loaded, sql)
    return (await hasUsers(sql)) ? null : setupLink(config, sql)
  })
  say(`\nsentry-lite is ready at ${publicAddress(config)}/`)
  if (link === null) return
  say(`\nSet it up in a browser (the link works once):\n  ${link}`)
  say(`\nOr on the command line:
  ${sameFolder(loaded, "createuser", "--superuser")}
  ${sameFolder(loaded, "orgs", "create", "acme")}
  ${sameFolder(loaded, "projects", "create", "backend", "--org", "acme", "--platform", "node", "--dsn-only")}\n`)
}

/** Without its --data, a command would make an appliance of its own in the default folder. */
function sameFolder({ sources, config }: Context["loaded"], ...words: string[]): string {
  const isNamed = sources.get("system.data-directory") === "--data"
  return commandLine([...(isNamed ? ["--data", config["system.data-directory"]] : []), ...words])
}
