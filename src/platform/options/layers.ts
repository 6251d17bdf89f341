import { readFileSync } from "node:fs"
import { join } from "node:path"
import { AppError, messageOf } from "../errors.ts"
import { nearestName } from "./nearest.ts"
import { flagOf, type Option, type Options, type ValuesOf } from "./option.ts"

/** Values from one place, as found there: not checked yet. `at` is where: "config.yml:12", "$MAIL_HOST". */
export type Layer = Map<string, { value: unknown; at: string }>

export type Resolved<Table extends Options> = {
  values: ValuesOf<Table>
  /** Key -> where its value came from; absent = built-in default. */
  sources: Map<string, string>
  /** What an operator should hear of but what does not stop the program. */
  warnings: string[]
}

/** Where references in secrets (`env:NAME`, `cred:NAME`) are looked up. */
export type Environment = Record<string, string | undefined>

/**
 * Lays the layers over the defaults, the later the stronger. Throws `invalid`, with one line for each value that does
 * not fit its option; what a stronger layer covers is checked too, since it would surprise on the day the cover goes.
 */
export function resolveOptions<Table extends Options>(
  table: Table,
  layers: readonly Layer[],
  environment: Environment,
): Resolved<Table> {
  const values: Record<string, unknown> = {}
  for (const [key, option] of Object.entries(table)) values[key] = option.initial
  const sources = new Map<string, string>()
  const warnings: string[] = []
  const problems: string[] = []
  for (const [key, { value, at }] of layers.flatMap((layer) => [...layer])) {
    const option = Object.hasOwn(table, key) ? table[key] : undefined
    if (!option) {
      warnings.push(unknownOption(key, at, Object.keys(table)))
      continue
    }
    const checked = check(option, value, environment)
    if ("problem" in checked) {
      problems.push(`${at}: ${key} ${checked.problem}`)
      continue
    }
    values[key] = checked.value
    sources.set(key, at)
  }
  if (problems.length > 0) throw new AppError("invalid", problems.join("\n"))
  return { values: values as ValuesOf<Table>, sources, warnings }
}

function unknownOption(key: string, at: string, known: string[]): string {
  const nearest = nearestName(key, known)
  const hint = nearest ? `; did you mean '${nearest}'?` : ""
  return `${at}: Unknown config option found: '${key}'${hint}`
}

/** The value in its option's type, or what is wrong with it. Never repeats a secret. Without an environment, references are not followed. */
export function check(
  option: Option<unknown>,
  value: unknown,
  environment: Environment | null,
): { value: unknown } | { problem: string } {
  try {
    const meant = option.kind === "true or false" ? flagOf(value) : value
    const resolved = option.secret && environment ? resolveReference(meant, environment) : meant
    const parsed = option.schema.safeParse(resolved)
    if (parsed.success) return { value: parsed.data }
    return { problem: complaint(option, value, parsed.error.issues[0]) }
  } catch (error) {
    return { problem: `cannot be read: ${messageOf(error)}` }
  }
}

type Issue = { code?: string; message: string; minimum?: unknown; maximum?: unknown }

function complaint(option: Option<unknown>, value: unknown, issue: Issue | undefined): string {
  const shown = option.secret ? "" : `, not ${JSON.stringify(value)}`
  if (issue?.code === "too_small") return `must be at least ${issue.minimum}${shown}`
  if (issue?.code === "too_big") return `must be at most ${issue.maximum}${shown}`
  return `must be ${option.kind}${shown}`
}

/** `file:PATH`, `env:NAME`, `cred:NAME` (a systemd credential) stand for what they point at. */
function resolveReference(value: unknown, environment: Environment): unknown {
  if (isMap(value)) return mapValues(value, (each) => resolveReference(each, environment))
  if (typeof value !== "string") return value
  const [, scheme, target = ""] = /^(file|env|cred):(?!\/\/)(.+)$/.exec(value) ?? []
  if (scheme === "file") return readSecretFile(target)
  if (scheme === "env") return required(environment[target], `$${target} is not set`)
  if (scheme === "cred") return readSecretFile(join(credentialFolder(environment), target))
  return value
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function mapValues(of: Record<string, unknown>, change: (value: unknown) => unknown) {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, change(value)]))
}

function credentialFolder(environment: Environment): string {
  return required(environment.CREDENTIALS_DIRECTORY, "there are no systemd credentials here")
}

function required(value: string | undefined, otherwise: string): string {
  if (value === undefined) throw new AppError("invalid", otherwise)
  return value
}

/** Editors end a file with a newline that is no part of the secret. */
function readSecretFile(path: string): string {
  return readFileSync(path, "utf8").replace(/\r?\n$/, "")
}
