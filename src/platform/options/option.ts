import { CronPattern } from "croner"
import { z } from "zod"
import { parseRedisUrl } from "../redis-url.ts"

/** One thing an operator can set. */
export type Option<Value> = {
  schema: z.ZodType<Value>
  /** What it is when nobody says anything. */
  initial: Value
  /** What a value looks like, in words: "text", "whole number", "human or machine". */
  kind: string
  /** One sentence; names the unit where the option's name does not. */
  description: string
  /** Masked wherever options are shown; its value may be `file:PATH`, `env:NAME` or `cred:NAME`. */
  secret: boolean
  /** May be kept in the database and changed while processes run. */
  stored: boolean
}

export type Options = Record<string, Option<unknown>>

export type ValuesOf<Table extends Options> = {
  [Key in keyof Table]: Table[Key] extends Option<infer Value> ? Value : never
}

const option = <Value>(
  schema: z.ZodType<Value>,
  kind: string,
  initial: Value,
  description: string,
): Option<Value> => ({ schema, initial, kind, description, secret: false, stored: false })

export const text = (initial: string, description: string) =>
  option(z.string(), "text", initial, description)

export const flag = (initial: boolean, description: string) =>
  option(z.boolean(), "true or false", initial, description)

export const whole = (initial: number, [min, max]: [number, number], description: string) =>
  option(z.int().min(min).max(max), "whole number", initial, description)

export const list = (initial: string[], description: string) =>
  option(z.array(z.string()), "list", initial, description)

export const map = (initial: Record<string, string>, description: string) =>
  option(z.record(z.string(), z.string()), "map", initial, description)

/** Whole numbers by name; of these names only. */
export const counts = <const Name extends string>(
  initial: Partial<Record<NoInfer<Name>, number>>,
  names: readonly [Name, ...Name[]],
  description: string,
): Option<Partial<Record<Name, number>>> =>
  option<Partial<Record<Name, number>>>(
    z.partialRecord(z.enum(names), z.int().min(0)) as z.ZodType<Partial<Record<Name, number>>>,
    "map",
    initial,
    description,
  )

export const choice = <const Value extends string>(
  choices: readonly [Value, ...Value[]],
  initial: NoInfer<Value>,
  description: string,
): Option<Value> => option<Value>(z.enum(choices), choices.join(" or "), initial, description)

/** An address of http or https; kept without the slash at its end, empty when unknown. */
export const address = (description: string) =>
  option(
    z
      .string()
      .refine((value) => value === "" || isHttpAddress(value))
      .transform((value) => value.replace(/\/{1,8}$/, "")),
    "an http:// or https:// address",
    "",
    description,
  )

/** Where PostgreSQL is; empty: nowhere. libpq lets a host be left out before `?host=/run/postgresql`, the platform's URL does not. */
export const postgresUrl = (description: string) =>
  option(
    z
      .string()
      .transform((value) => value.replace("@/", "@localhost/"))
      .refine((value) => value === "" || isPostgresUrl(value)),
    "postgres://user:password@host/name",
    "",
    description,
  )

/** Where a Redis is, or several that belong together; empty: nowhere. */
export const redisUrl = (description: string) =>
  option(
    z.string().refine((value) => value === "" || isRedisUrl(value)),
    "redis://host:6379/0, rediss://, redis+sentinel:// or redis+cluster://",
    "",
    description,
  )

/** When something is done, as crontab has it; empty: never. */
export const crontab = (initial: string, description: string) =>
  option(
    z.string().refine((value) => value === "" || isCrontab(value)),
    'five fields as in crontab ("0 3 * * *")',
    initial,
    description,
  )

/** Python's names of the levels are understood, in any case. */
export const logLevel = (initial: LogLevel, description: string) =>
  option<LogLevel>(
    z.string().transform(levelOf).pipe(z.enum(LOG_LEVELS)),
    LOG_LEVELS.join(" or "),
    initial,
    description,
  )

const LOG_LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const
type LogLevel = (typeof LOG_LEVELS)[number]

function levelOf(written: string): string {
  const level = written.toUpperCase()
  if (level === "WARNING") return "WARN"
  return level === "CRITICAL" ? "FATAL" : level
}

function isCrontab(value: string): boolean {
  if (value.trim().split(/\s/).length !== 5) return false
  try {
    new CronPattern(value)
    return true
  } catch {
    return false
  }
}

function isHttpAddress(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : null
  return url !== null && /^https?:$/.test(url.protocol) && !url.search && !url.hash
}

function isPostgresUrl(value: string): boolean {
  return /^postgres(ql)?:\/\//.test(value) && URL.canParse(value)
}

function isRedisUrl(value: string): boolean {
  try {
    parseRedisUrl(value)
    return true
  } catch {
    return false
  }
}

export const secret = <Value>(of: Option<Value>): Option<Value> => ({ ...of, secret: true })

export const stored = <Value>(of: Option<Value>): Option<Value> => ({ ...of, stored: true })

/** A value written as text (environment, command line) in the form its option wants; the schema judges it later. */
export function parseText(of: Option<unknown>, written: string): unknown {
  if (of.kind === "true or false") return flagOf(written)
  if (of.kind === "whole number") return /^-?\d+$/.test(written) ? Number(written) : written
  if (of.kind === "list") return listOf(written)
  if (of.kind === "map") return mapOf(written)
  return written
}

/** Old configuration files say yes and on, which YAML 1.2 reads as text. */
export function flagOf(written: unknown): unknown {
  if (typeof written !== "string") return written
  const word = written.toLowerCase()
  if (["1", "true", "yes", "on"].includes(word)) return true
  if (["0", "false", "no", "off", ""].includes(word)) return false
  return written
}

function listOf(written: string): unknown {
  if (written.trimStart().startsWith("[")) return jsonOf(written)
  const items = written.split(",").map((item) => item.trim())
  return items.filter((item) => item !== "")
}

function mapOf(written: string): unknown {
  return written === "" ? {} : jsonOf(written)
}

function jsonOf(written: string): unknown {
  try {
    return JSON.parse(written)
  } catch {
    return written
  }
}
