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

/** A folder of one's own with a config.yml of this text. */
export function configFolder(text: string): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "sl-cli-"))
  writeFileSync(join(path, "config.yml"), text)
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
