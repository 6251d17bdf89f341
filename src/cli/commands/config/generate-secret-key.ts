import { randomInt } from "node:crypto"
import { Command } from "commander"
import { CommandFailed, EXIT } from "../../exit.ts"
import { print } from "../../terminal.ts"

/** Sentry's alphabet; `|`, quotes and `$` are not in it, so that it passes through shells and .env files. */
const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789!@#%^&*(-_=+)"
const MIN_LENGTH = 32

export function generateSecretKeyCommand(): Command {
  return new Command("generate-secret-key")
    .description("print a new random secret key")
    .option("--length <characters>", "how long it is", "50")
    .action((flags: { length: string }) => print(generateSecretKey(Number(flags.length))))
}

export function generateSecretKey(length = 50): string {
  if (!Number.isInteger(length) || length < MIN_LENGTH || length > 1000) {
    throw new CommandFailed(EXIT.usage, `--length must be a number from ${MIN_LENGTH} to 1000`)
  }
  return Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("")
}
