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
  }
  if (options.format === "machine") return pino(settings, pino.destination({ fd: 2, sync: true }))
  return pino(settings, { write: (line: string) => void process.stderr.write(humanLine(line)) })
}

const LEVELS: Record<number, string> = {
  10: "TRACE",
  20: "DEBUG",
  30: "INFO ",
  40: "WARN ",
  50: "ERROR",
  60: "FATAL",
}

function humanLine(line: string): string {
  const { level, time, role, msg, err, ...fields } = JSON.parse(line) as Record<string, unknown>
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${printable(value)}`)
  const cause = isErrorField(err) ? ` error=${printable(err.message)}\n${err.stack}` : ""
  const clock = String(time).slice(11, 23)
  return `${clock} ${LEVELS[Number(level)] ?? level} ${role}: ${msg}${rest.join("")}${cause}\n`
}

/** Newlines and escapes of foreign text must not forge log lines or drive a terminal. */
function printable(value: unknown): string {
  return typeof value === "string" && /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value)
}

function isErrorField(value: unknown): value is { message: string; stack: string } {
  return typeof value === "object" && value !== null && "stack" in value && "message" in value
}
