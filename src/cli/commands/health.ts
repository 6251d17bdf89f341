import { Command } from "commander"
import { localAddress } from "#config.ts"
import { messageOf } from "#platform/errors.ts"
import { contextOf } from "../context.ts"
import { CommandFailed, EXIT } from "../exit.ts"
import { print, printJson } from "../terminal.ts"
import { wholeNumber } from "./arguments.ts"

const PATIENCE_MS = 4000
const PAUSE_MS = 200

type Flags = { url?: string; wait?: number; full?: boolean; json?: boolean }

export function healthCommand(): Command {
  return new Command("health")
    .description("ask a running web process how it is; exit code 1 when it is not well")
    .option("--url <url>", "where it is; default: this configuration's web")
    .option("--wait <seconds>", "give it this long to become healthy", wholeNumber)
    .option("--full", "print what each check says, as JSON")
    .option("--json", "print JSON: where it was asked, whether it is well, what each check says")
    .action(async (flags: Flags, command: Command) => {
      const base = flags.url ?? localAddress(contextOf(command).config)
      const url = `${base.replace(/\/$/, "")}/_health/${flags.full || flags.json ? "?full" : ""}`
      const answer = await askUntil(url, Date.now() + (flags.wait ?? 0) * 1000)
      if (flags.json) printJson({ url, isWell: answer.isWell, checks: parsed(answer.text) })
      else print(answer.text.trimEnd())
      if (!answer.isWell) process.exitCode = EXIT.failure
    })
}

/** What answers at the address need not be ours. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

type Answer = { isWell: boolean; text: string }

async function askUntil(url: string, deadline: number): Promise<Answer> {
  for (;;) {
    const answer = await askOnce(url)
    if (!(answer instanceof Error) && (answer.isWell || Date.now() >= deadline)) return answer
    if (answer instanceof Error && Date.now() >= deadline) {
      throw new CommandFailed(EXIT.failure, `${url} does not answer: ${messageOf(answer)}`)
    }
    await Bun.sleep(PAUSE_MS)
  }
}

async function askOnce(url: string): Promise<Answer | Error> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
    return { isWell: response.ok, text: await response.text() }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
