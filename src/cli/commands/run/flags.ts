import type { Command } from "commander"
import type { OptionKey } from "#config.ts"
import { bindAddress, wholeNumber } from "../arguments.ts"

export type WebFlags = {
  bind?: { host?: string; port?: number }
  port?: number
  workers?: number
  drainTimeout?: number
}

/** Where web listens, and how often it is there. */
export function withWebOptions(command: Command): Command {
  return command
    .option("-b, --bind <address>", "HOST:PORT, HOST or PORT to listen on", bindAddress)
    .option("-p, --port <port>", "the port alone", wholeNumber)
    .option("-w, --workers <number>", "web processes that share the port", wholeNumber)
    .option("--drain-timeout <seconds>", "what requests under way have to finish", wholeNumber)
}

export function webValues(flags: WebFlags): [OptionKey, string, unknown][] {
  return [
    ["web.host", "--bind", flags.bind?.host],
    ["web.port", "--bind", flags.bind?.port],
    ["web.port", "--port", flags.port],
    ["web.workers", "--workers", flags.workers],
    ["web.drain-timeout", "--drain-timeout", flags.drainTimeout],
  ]
}

/** Of Sentry's Celery. */
export const CELERY_OPTIONS = [
  "-n, --hostname <name>",
  "-Q, --queues <names>",
  "-X, --exclude-queues <names>",
  "-f, --logfile <path>",
  "-q, --quiet",
  "--no-color",
  "--autoreload",
  "--pidfile <path>",
  "--without-gossip",
  "--without-mingle",
  "--without-heartbeat",
  "--max-tasks-per-child <number>",
]
