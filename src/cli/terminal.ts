import { createInterface } from "node:readline"
import { Writable } from "node:stream"
import { CommandFailed, EXIT } from "./exit.ts"

/** Data, for people and scripts alike: standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2))
}

/** Everything else a person should read: standard error. */
export function say(text: string): void {
  process.stderr.write(`${text.split("\n").map(harmless).join("\n")}\n`)
}

/** What moves the cursor, colours text or turns it around; a name or an error may hold what a stranger sent. */
const COMMANDING =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Text that a terminal only shows: control characters are written out as \u001b and the like. */
function harmless(text: string): string {
  return text.replace(COMMANDING, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1)
    if (escaped !== character) return escaped
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  })
}

/** Rows as aligned columns, without a heading: a line is a thing, also for scripts. */
export function printTable(foreign: readonly (readonly string[])[]): void {
  const rows = foreign.map((row) => row.map(harmless))
  const widthOf = (column: number) => Math.max(...rows.map((row) => (row[column] ?? "").length))
  const widths = (rows[0] ?? []).map((_, column) => widthOf(column))
  for (const row of rows) {
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
  }
}

export function isInteractive(): boolean {
  return Boolean(process.stdin.isTTY)
}

/** Asks on the terminal; without one, ends with the usage code and the flag that would have answered. */
export async function ask(
  question: string,
  { flag, hidden = false, mayAsk }: { flag: string; hidden?: boolean; mayAsk: boolean },
): Promise<string> {
  if (!mayAsk || !isInteractive()) {
    throw new CommandFailed(EXIT.usage, `missing ${flag} (there is nobody to ask)`)
  }
  const answer = await readAnswer(question, hidden)
  if (hidden) say("")
  return answer
}

function readAnswer(question: string, hidden: boolean): Promise<string> {
  // A password is read through readline like everything else, only that its echo goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({
    input: process.stdin,
    output: hidden ? nowhere : process.stderr,
    terminal: true,
  })
  // Only now: what is typed after the question is neither echoed by the terminal nor taken for a signal.
  process.stderr.write(`${question} `)
  return new Promise((resolve, reject) => {
    lines.once("SIGINT", () => lines.close())
    lines.once("line", (line) => {
      resolve(line)
      lines.close()
    })
    // Ctrl-C or Ctrl-D: no answer is not an empty one, after which the next question would come.
    lines.once("close", () => reject(new CommandFailed(EXIT.interrupted, "interrupted")))
  })
}

/** The whole of standard input, without the newline at its end. */
export async function readInput(): Promise<string> {
  return (await Bun.stdin.text()).replace(/\r?\n$/, "")
}
