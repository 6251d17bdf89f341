import { realpathSync } from "node:fs"

/** A command of this program as one would type it: by its name where the shell finds it, else by its path. */
export function commandLine(words: readonly string[]): string {
  return [...program(), ...words].map(shellWord).join(" ")
}

function program(): string[] {
  if (!Bun.main.startsWith("/$bunfs/")) return [process.execPath, Bun.main]
  const found = Bun.which("sentry-lite")
  const isHere = found !== null && realpathSync(found) === process.execPath
  return [isHere ? "sentry-lite" : process.execPath]
}

function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
