import { randomUUID } from "node:crypto"
import { Command } from "commander"
import { findEventIssue } from "#events/read-store.ts"
import type { Sql } from "#platform/db.ts"
import { messageOf } from "#platform/errors.ts"
import { VERSION } from "#platform/version.ts"
import { findDefaultKey } from "#projects/keys-store.ts"
import { getProject, listProjects, type Project } from "#projects/store.ts"
import { type Dsn, parseDsn } from "#protocol/dsn.ts"
import { type Context, contextOf } from "../context.ts"
import { withDatabase } from "../database.ts"
import { dsnFor } from "../dsn.ts"
import { CommandFailed, EXIT } from "../exit.ts"
import { organizationOf } from "../organization.ts"
import { print, printJson, say } from "../terminal.ts"
import { wholeNumber } from "./arguments.ts"

const POST_TIMEOUT_MS = 10_000
const POLL_MS = 100

type Flags = {
  dsn?: string
  org?: string
  project?: string
  wait?: boolean
  timeout: number
  json?: boolean
}

export function sendTestEventCommand(): Command {
  return new Command("send-test-event")
    .description("send an event as an SDK does, and print its id")
    .option("--dsn <dsn>", "where to; default: the first project")
    .option("--org <slug>", "organization of that project; may be left out when there is one")
    .option("--project <slug>", "another project than the first")
    .option("--wait", "until it is stored; exit code 1 when that takes too long")
    .option("--timeout <seconds>", "how long --wait waits", wholeNumber, 30)
    .option("--json", "print JSON")
    .action(async (flags: Flags, command: Command) => {
      const context = contextOf(command)
      if (flags.dsn !== undefined && !flags.wait) {
        return show(await post(parsed(flags.dsn)), null, flags)
      }
      await withDatabase(context, async (sql) => {
        const dsn = parsed(flags.dsn ?? (await defaultDsn(context, sql, flags)))
        const eventId = await post(dsn)
        const issueId = flags.wait
          ? await storedIn(sql, dsn.projectId, eventId, flags.timeout)
          : null
        show(eventId, issueId, flags)
      })
    })
}

function parsed(written: string): Dsn {
  const dsn = parseDsn(written)
  if (dsn) return dsn
  throw new CommandFailed(EXIT.usage, "--dsn: expected https://PUBLIC_KEY@HOST/PROJECT_ID")
}

async function defaultDsn(context: Context, sql: Sql, flags: Flags): Promise<string> {
  const project = await projectFor(sql, flags)
  const key = await findDefaultKey(sql, project.id)
  if (!key) throw new CommandFailed(EXIT.failure, `no key of ${project.slug} is active`)
  return dsnFor(context.config, key, project.id)
}

async function projectFor(sql: Sql, flags: Flags): Promise<Project> {
  const organization = await organizationOf(sql, flags.org)
  if (flags.project !== undefined) return getProject(sql, organization.id, flags.project)
  const [first] = await listProjects(sql, organization.id)
  if (first) return first
  throw new CommandFailed(
    EXIT.failure,
    "there is no project yet; run: sentry-lite projects create SLUG",
  )
}

/** Returns the id that the server answered with. */
async function post(dsn: Dsn): Promise<string> {
  const url = `${dsn.scheme}://${dsn.host}${dsn.pathPrefix}/api/${dsn.projectId}/envelope/`
  const eventId = randomUUID().replaceAll("-", "")
  const client = `sentry-lite-cli/${VERSION}`
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/x-sentry-envelope",
      "X-Sentry-Auth": `Sentry sentry_version=7, sentry_client=${client}, sentry_key=${dsn.publicKey}`,
    },
    body: envelopeOf(eventId),
    signal: AbortSignal.timeout(POST_TIMEOUT_MS),
  }).catch((error) => {
    throw new CommandFailed(EXIT.unreachable, `${url} does not answer: ${messageOf(error)}`)
  })
  const text = await response.text()
  if (!response.ok) {
    throw new CommandFailed(
      EXIT.failure,
      `${url} answered ${response.status}: ${text.slice(0, 300)}`,
    )
  }
  return eventId
}

function envelopeOf(eventId: string): string {
  const event = {
    event_id: eventId,
    timestamp: Date.now() / 1000,
    platform: "javascript",
    level: "error",
    environment: "test",
    logger: "sentry-lite",
    exception: {
      values: [
        {
          type: "TestEvent",
          value: "This is a test event of sentry-lite send-test-event",
          stacktrace: {
            frames: [{ filename: "send-test-event.ts", function: "post", lineno: 1, in_app: true }],
          },
        },
      ],
    },
  }
  const lines = [{ event_id: eventId, sent_at: new Date().toISOString() }, { type: "event" }, event]
  return `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`
}

async function storedIn(
  sql: Sql,
  projectId: string,
  eventId: string,
  timeoutSeconds: number,
): Promise<string> {
  const deadline = Date.now() + timeoutSeconds * 1000
  do {
    const found = await findEventIssue(sql, { projectIds: [projectId], eventId })
    if (found) return found.issueId
    await Bun.sleep(POLL_MS)
  } while (Date.now() < deadline)
  throw new CommandFailed(
    EXIT.failure,
    `event ${eventId} was accepted, but not stored within ${timeoutSeconds} s: is a worker running?`,
  )
}

function show(eventId: string, issueId: string | null, flags: Flags): void {
  if (flags.json) printJson({ eventId, issueId })
  else print(eventId)
  say(issueId ? `Stored in issue ${issueId}.` : "Accepted.")
}
