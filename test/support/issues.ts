import type { App } from "#app.ts"
import { createLine } from "#pipeline/line.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { batchOf, messageOf, recordOf } from "./line.ts"
import { givenDays, givenProject } from "./occurrences.ts"

const TODAY = () => new Date().toISOString().slice(0, 10)

export type GivenProject = { organizationId: string; projectId: string; slug: string }

/** A project with partitions for today, ready to take events. */
export async function givenShop(app: App, slug = `shop-${crypto.randomUUID().slice(0, 6)}`) {
  await givenDays(app.sql, [TODAY()])
  return { ...(await givenProject(app.sql, slug)), slug }
}

/** An active member of the project's organization; returns the user's id. */
export async function givenMember(
  app: App,
  project: GivenProject,
  given: { name: string; role?: string },
): Promise<string> {
  const email = `${given.name.toLowerCase()}@example.test`
  const [user] = await app.sql<{ id: string }[]>`
    insert into users (email, name) values (${email}, ${given.name})
    on conflict (email) do update set name = excluded.name returning id`
  await app.sql`
    insert into org_members (organization_id, user_id, email, role)
    values (${project.organizationId}, ${user!.id}, ${email}, ${given.role ?? "member"})`
  return user!.id
}

/** Sends events through the whole line, as a worker does; returns the issue of the last one and its event id. */
export async function givenEvents(
  app: App,
  project: GivenProject,
  events: object[],
): Promise<{ issueId: string; eventId: string }> {
  const eventId = await saveEvents(app, project, events)
  const [row] = await app.sql<{ issueId: string }[]>`
    select issue_id from events where project_id = ${project.projectId} and event_id = ${eventId}::uuid`
  if (!row) throw new Error("the event was not stored")
  return { issueId: row.issueId, eventId }
}

/** The same without a look at what became of them; returns the id of the last one. */
export async function saveEvents(
  app: App,
  project: GivenProject,
  events: object[],
): Promise<string> {
  const now = Date.now()
  const messages = events.map((event) =>
    messageOf(project, event, { receivedAt: now, receivedDay: TODAY() }),
  )
  const records = messages.map((message) => recordOf(message))
  await processBatch(createLine(app), batchOf(records), new AbortController().signal)
  return messages.at(-1)?.eventId ?? ""
}

/** What a Python shop sends when it divides by zero. */
export const zeroDivision = (more: object = {}) => ({
  platform: "python",
  environment: "production",
  release: "2.14.1",
  user: { id: "42", email: "victim@example.test" },
  request: { url: "https://shop.test/invoices/4711", method: "GET" },
  exception: {
    values: [
      {
        type: "ZeroDivisionError",
        value: "division by zero",
        stacktrace: {
          frames: [
            { module: "django.core", filename: "django/core/base.py", function: "run", lineno: 7 },
            {
              module: "billing.views",
              filename: "billing/views.py",
              function: "invoice_detail",
              lineno: 44,
              context_line: "    return render(request, inv.render_total())",
              in_app: true,
            },
            {
              module: "billing.invoice",
              filename: "billing/invoice.py",
              function: "render_total",
              lineno: 120,
              pre_context: ["def render_total(self):"],
              context_line: "    total = sum(line.amount / line.quantity for line in lines)",
              post_context: ["    return total"],
              vars: { quantity: "0", password: "hunter2" },
              in_app: true,
            },
          ],
        },
      },
    ],
  },
  ...more,
})
