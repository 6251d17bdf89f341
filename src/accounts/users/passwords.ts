import type { Config } from "#config.ts"
import { AppError } from "#platform/errors.ts"
import { isCommonPassword } from "./common-passwords.ts"

type PasswordConfig = Pick<
  Config,
  | "auth.password.min-length"
  | "auth.password.max-length"
  | "auth.password.argon2-memory-kib"
  | "auth.password.argon2-time"
  | "auth.password.hash-concurrency"
>

/** Names, addresses and product words shorter than this are no weakness worth naming. */
const CONTEXT_WORD_LENGTH = 4

/** Why this password cannot be taken, or null. `context`: words an attacker would try first (address, name, organization). */
export function passwordProblem(
  config: PasswordConfig,
  password: string,
  context: string[],
): string | null {
  const min = config["auth.password.min-length"]
  const max = config["auth.password.max-length"]
  if ([...password].length < min)
    return `Use at least ${min} characters. Length is all that counts.`
  if (Buffer.byteLength(password) > max) return `Use at most ${max} characters.`
  if (isCommonPassword(password)) return "This password is among the first that anybody would try."
  if (isMadeOf(password, context)) return "Use something other than your name or address."
  return null
}

export function checkPassword(config: PasswordConfig, password: string, context: string[]): void {
  const problem = passwordProblem(config, password, context)
  if (problem) throw new AppError("invalid", problem, { field: "password" })
}

/** Composed and decomposed accents are one password, whatever keyboard typed them. */
const normalized = (password: string) => password.normalize("NFKC")

export function hashPassword(config: PasswordConfig, password: string): Promise<string> {
  return inTurn(config, () =>
    Bun.password.hash(normalized(password), {
      algorithm: "argon2id",
      memoryCost: config["auth.password.argon2-memory-kib"],
      timeCost: config["auth.password.argon2-time"],
    }),
  )
}

/** `hash` null: nobody to compare with; takes as long as if there were, so that time tells nothing. */
export async function verifyPassword(
  config: PasswordConfig,
  password: string,
  hash: string | null,
): Promise<boolean> {
  if (Buffer.byteLength(password) > config["auth.password.max-length"]) return false
  if (hash === null) {
    // An empty one cannot be hashed.
    await hashPassword(config, password || "nobody")
    return false
  }
  return inTurn(config, () => Bun.password.verify(normalized(password), hash).catch(() => false))
}

/** Made with other costs than today's: hash again while the password is at hand. */
export function isOutdatedHash(config: PasswordConfig, hash: string): boolean {
  const costs = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),/.exec(hash)
  return (
    Number(costs?.[1]) !== config["auth.password.argon2-memory-kib"] ||
    Number(costs?.[2]) !== config["auth.password.argon2-time"]
  )
}

function isMadeOf(password: string, context: string[]): boolean {
  const lower = password.toLowerCase()
  const words = context
    .flatMap((text) => text.toLowerCase().split(/[^a-z0-9]/))
    .filter((word) => word.length >= CONTEXT_WORD_LENGTH)
  const rest = words.reduce((text, word) => text.replaceAll(word, ""), lower)
  return rest.length < lower.length && rest.replace(/[^a-z]/g, "").length < CONTEXT_WORD_LENGTH
}

/**
 * Each hash takes 19 MiB and tens of milliseconds of a core: more side by side would starve the process. This queue is
 * per process on purpose, since memory and cores are.
 */
const waiting: (() => void)[] = []
let running = 0

async function inTurn<Result>(
  config: PasswordConfig,
  work: () => Promise<Result>,
): Promise<Result> {
  if (running >= config["auth.password.hash-concurrency"]) {
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else {
    running += 1
  }
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}
