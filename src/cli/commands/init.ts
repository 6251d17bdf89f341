import { existsSync } from "node:fs"
import { chmod, mkdir, writeFile } from "node:fs/promises"
import { dirname, join, resolve } from "node:path"
import { Command } from "commander"
import { type Config, options } from "#config.ts"
import { check } from "#platform/options/layers.ts"
import { CONFIG_FILE, defaultConfigFolder } from "../configuration/discover.ts"
import { exampleConfig } from "../configuration/example.ts"
import { mayAsk } from "../context.ts"
import { CommandFailed, EXIT } from "../exit.ts"
import { OPERATOR_FILES } from "../operator-files.ts"
import { ask, isInteractive, print, say } from "../terminal.ts"
import { generateSecretKey } from "./config/generate-secret-key.ts"

type Flags = {
  dev?: boolean
  force?: boolean
  stdout?: boolean
  urlPrefix?: string
  adminEmail?: string
  with?: string
}

export function initCommand(): Command {
  return new Command("init")
    .description("write a config.yml with a new secret key, and the files of an operator")
    .argument("[directory]", "where; default: /etc/sentry-lite as root, else ~/.sentry")
    .option("--url-prefix <url>", "address that people and SDKs use")
    .option("--admin-email <mail>", "whom pages and mails name as the administrator")
    .option("--with <kinds>", "also systemd, nginx, docker, compose or all; several with commas")
    .option("--dev", "mails go to the console, the log shows everything")
    .option("--force", "overwrite files that exist")
    .option("--stdout", "print config.yml instead of writing files")
    .action(init)
}

async function init(directory: string | undefined, flags: Flags, command: Command): Promise<void> {
  const files = filesFor(flags)
  if (flags.stdout) return print(files.get(CONFIG_FILE)?.trimEnd() ?? "")
  const folder = resolve(directory ?? defaultConfigFolder())
  for (const [path, text] of files) {
    const target = join(folder, path)
    if (!(await mayWrite(target, flags, command))) continue
    await mkdir(dirname(target), { recursive: true })
    const mode = path === CONFIG_FILE ? 0o600 : 0o644
    // The mode counts only where the file is new, and a secret must not be written into an open one.
    if (existsSync(target)) await chmod(target, mode)
    await writeFile(target, text, { mode })
    print(target)
  }
}

async function mayWrite(target: string, flags: Flags, command: Command): Promise<boolean> {
  if (flags.force || !existsSync(target)) return true
  if (!mayAsk(command) || !isInteractive()) {
    throw new CommandFailed(EXIT.nothingToDo, `${target} exists; --force overwrites it`)
  }
  const answer = await ask(`${target} exists. Overwrite it? [y/N]`, {
    flag: "--force",
    mayAsk: true,
  })
  if (/^y(es)?$/i.test(answer)) return true
  say(`${target} is left as it is.`)
  return false
}

function filesFor(flags: Flags): Map<string, string> {
  const values: Partial<Config> = {
    ...(flags.urlPrefix !== undefined && { "system.url-prefix": addressOf(flags.urlPrefix) }),
    ...(flags.adminEmail !== undefined && { "system.admin-email": flags.adminEmail }),
    "system.secret-key": generateSecretKey(),
    ...(flags.dev && { "mail.backend": "console", "system.logging-level": "DEBUG" }),
  }
  const files = new Map([[CONFIG_FILE, exampleConfig(values)]])
  for (const kind of kindsOf(flags.with)) {
    for (const [path, text] of Object.entries(OPERATOR_FILES[kind] ?? {})) files.set(path, text)
  }
  return files
}

function addressOf(written: string): string {
  const checked = check(options["system.url-prefix"], written, {})
  if ("problem" in checked) throw new CommandFailed(EXIT.usage, `--url-prefix ${checked.problem}`)
  return String(checked.value)
}

function kindsOf(written: string | undefined): string[] {
  const known = Object.keys(OPERATOR_FILES)
  const wanted = (written ?? "").split(",").filter((kind) => kind !== "")
  const unknown = wanted.find((kind) => kind !== "all" && !known.includes(kind))
  if (unknown) {
    throw new CommandFailed(EXIT.usage, `--with ${unknown}: there are ${known.join(", ")} and all`)
  }
  return wanted.includes("all") ? known : wanted
}
