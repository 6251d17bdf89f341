import { Hono } from "hono"
import type { App } from "#app.ts"
import { messageOf } from "#platform/errors.ts"
import { addressList } from "#platform/network.ts"
import { listProcesses } from "#stats/process-store.ts"
import type { WebEnv } from "./context.ts"

/** Sentry's measure of a worker that is gone. */
const SILENCE_SECONDS = 300

/** What Sentry's Relay says of itself, where load balancers and other Relays ask. */
const RELAY_PATHS = [
  "/api/relay/healthcheck/live/",
  "/api/relay/healthcheck/ready/",
  "/api/0/relays/live/",
]

/**
 * `/_health/`: "ok" as long as this process answers, for load balancers. `?full` looks at what it needs, answers 500 when
 * something is wrong, and is shown to the addresses of metrics.allowed-ips alone.
 */
export function healthRoutes(app: App): Hono<WebEnv> {
  const insiders = addressList(app.config["metrics.allowed-ips"])
  const routes = new Hono<WebEnv>()
  // Ready as soon as it answers: events are accepted while PostgreSQL and Redis are away.
  for (const path of RELAY_PATHS) {
    routes.get(path, (c) => c.json({ is_healthy: true }, 200, { "Cache-Control": "no-store" }))
  }
  routes.get("/_health/", async (c) => {
    c.header("Cache-Control", "no-store")
    const isFull = c.req.query("full") !== undefined && insiders.has(c.var.clientAddress)
    if (!isFull) return c.text("ok")
    const report = await examine(app)
    return c.json(report, report.problems.length === 0 ? 200 : 500)
  })
  return routes
}

export type HealthReport = { problems: string[]; healthy: Record<string, boolean> }

/** Sentry's shape: what is wrong in words, and each check by name. */
export async function examine(app: Pick<App, "sql" | "redis" | "version">): Promise<HealthReport> {
  const [processes, queue] = await Promise.all([examineProcesses(app), examineQueue(app)])
  return {
    problems: [...processes.problems, ...queue.problems],
    healthy: { ...processes.healthy, ...queue.healthy },
  }
}

/** Without Redis, accepted events stay on the disks of the web hosts. An appliance has its queue there anyway. */
async function examineQueue({ redis }: Pick<App, "redis">): Promise<HealthReport> {
  if (redis === null) return { problems: [], healthy: {} }
  try {
    await redis.ping()
    return { problems: [], healthy: { queue: true } }
  } catch {
    const problem = "The queue's Redis cannot be reached; accepted events wait on the web hosts."
    return { problems: [problem], healthy: { queue: false } }
  }
}

async function examineProcesses(app: Pick<App, "sql" | "version">): Promise<HealthReport> {
  try {
    const alive = await listProcesses(app.sql, SILENCE_SECONDS)
    const workers = alive.filter(({ role }) => role === "worker")
    const problems: string[] = []
    if (workers.length === 0) problems.push("No worker has shown up for 5 minutes.")
    if (!alive.some(({ role }) => role === "cron")) {
      problems.push("No cron process has shown up for 5 minutes.")
    }
    const others = workers.filter(({ version }) => version !== app.version)
    if (others.length > 0) problems.push(`A worker runs version ${others[0]?.version}.`)
    return {
      problems,
      healthy: {
        database: true,
        workers: workers.length > 0,
        cron: alive.some(({ role }) => role === "cron"),
        versions: others.length === 0,
      },
    }
  } catch (error) {
    return {
      problems: [`PostgreSQL cannot be reached: ${messageOf(error)}`],
      healthy: { database: false },
    }
  }
}
