import pino from "pino"

/** Constant message + fields: `log.info({ projectId, ms }, "batch saved")`. Never payload text, never secrets. */
export type Log = pino.Logger

export type LogOptions = {
  level: string
  /** human: `12:00:01 INFO web: listening port=9000`; machine: one JSON object a line. */
  format: "human" | "machine"
  role: string
}

export function createLog(options: LogOptions): Log {
  const settings = {
    level: options.level.toLowerCase(),
    base: { role: options.role },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: errorField },
  }
  if (options.format === "machine") return pino(settings, pino.destination({ fd: 2, sync: true }))
  return pino(settings, { write: (line: string) => void process.stderr.write(humanLine(line)) })
}

/** Of an error no more than this: PostgreSQL's carry rows (`detail`), and rows are people's data. */
function errorField(error: unknown) {
  if (!(error instanceof Error)) return error
  const { type, message, stack } = pino.stdSerializers.err(error)
  return { type, message, stack, ...("code" in error && { code: error.code }) }
}

const LEVELS: Record<number, string> = {
  10: "TRACE",
  20: "DEBUG",
  30: "INFO ",
  40: "WARN ",
  50: "ERROR",
  60: "FATAL",
}

/** What pino puts before the stack of an error's cause. */
const CAUSE = "caused by: "
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g

function humanLine(line: string): string {
  const { level, time, role, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${printable(value)}`)
  const cause = isErrorField(err) ? ` error=${printable(err.message)}\n${framesOf(err.stack)}` : ""
  const clock = String(time).slice(11, 23)
  return `${clock} ${LEVELS[Number(level)] ?? level} ${role}: ${msg}${rest.join("")}${cause}\n`
}

/** Newlines and escapes of foreign text must not forge log lines or drive a terminal. */
function printable(value: unknown): string {
  if (typeof value === "string" && /^[\w.:/@+-]+$/.test(value)) return value
  // JSON leaves these as they are, and some terminals obey them.
  return (JSON.stringify(value) ?? "").replace(CONTROLS, "?")
}

/** Where it was thrown and what caused it, without the message that a stack begins with: it may quote a stranger. */
function framesOf(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => line.startsWith("    at ") || line.startsWith(CAUSE))
    .map((line) => line.replace(CONTROLS, "?"))
    .join("\n")
}

function isErrorField(value: unknown): value is { message: string; stack: string } {
  return typeof value === "object" && value !== null && "stack" in value && "message" in value
}
