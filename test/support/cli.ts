import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const ROOT = join(import.meta.dir, "../..")
/** Bun reads how to compile JSX from the folder one stands in, which is another one here. */
const PROGRAM = [`--tsconfig-override=${ROOT}/tsconfig.json`, join(ROOT, "src/main.ts")]

export type CliAnswer = { exitCode: number; stdout: string; stderr: string }

/** The program from its sources, for a process that goes on. */
export function startCli(words: string[], env: Record<string, string>) {
  return Bun.spawn([process.execPath, ...PROGRAM, ...words], {
    env: { PATH: process.env.PATH ?? "", HOME: tmpdir(), ...env },
    cwd: tmpdir(),
    stdio: ["ignore", "pipe", "pipe"],
  })
}

/** Runs the command line as an operator would, with only these variables and no terminal. */
export async function cli(
  words: string[],
  options: { env?: Record<string, string>; input?: string; cwd?: string } = {},
): Promise<CliAnswer> {
  const child = Bun.spawn([process.execPath, ...PROGRAM, ...words], {
    env: { PATH: process.env.PATH ?? "", HOME: options.cwd ?? tmpdir(), ...options.env },
    cwd: options.cwd ?? tmpdir(),
    stdin: new Blob([options.input ?? ""]),
    stdout: "pipe",
    stderr: "pipe",
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { exitCode, stdout, stderr }
}

/** The same with a terminal: gives each answer once its question stands there. `screen` is what a person saw. */
export async function cliOnTerminal(
  words: string[],
  dialogue: readonly (readonly [question: string, answer: string])[],
  env: Record<string, string>,
): Promise<{ exitCode: number; screen: string }> {
  const waiting = [...dialogue]
  let screen = ""
  const child = Bun.spawn([process.execPath, ...PROGRAM, ...words], {
    env: { PATH: process.env.PATH ?? "", HOME: tmpdir(), ...env },
    cwd: tmpdir(),
    terminal: {
      data(terminal, bytes) {
        screen += new TextDecoder().decode(bytes)
        const [question, answer = ""] = waiting[0] ?? []
        if (question === undefined || !screen.endsWith(`${question} `)) return
        waiting.shift()
        terminal.write(answer)
      },
    },
  })
  const exitCode = await child.exited
  child.terminal?.close()
  return { exitCode, screen }
}

/** A folder of one's own with a config.yml of this text. */
export function configFolder(text: string): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "sl-cli-"))
  writeFileSync(join(path, "config.yml"), text)
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
