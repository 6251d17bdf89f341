import { beforeEach, expect, test } from "bun:test"
import { evaluateAlerts } from "#alerts/evaluate.ts"
import { applyAction } from "#issues/actions/actions.ts"
import type { IssueAction } from "#issues/issue.ts"
import { sendMail } from "#mail/send.ts"
import { textBars } from "#mail/text-bars.ts"
import { forecastIssues } from "#maintenance/forecast-issues.ts"
import { wakeIssues } from "#maintenance/wake-issues.ts"
import { testApp } from "../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../support/issues.ts"
import { startMailbox } from "../support/mailbox.ts"

const mailbox = await startMailbox()
const app = await testApp({ "mail.host": "127.0.0.1", "mail.port": mailbox.port })
await app.tasks.work("evaluate-alerts", (job) => evaluateAlerts(app, job))
await app.tasks.work("send-mail", (job) => sendMail(app, job))

let project: GivenProject
let ann: string
beforeEach(async () => {
  mailbox.clear()
  project = await givenShop(app)
  ann = await givenMember(app, project, { name: `ann-${project.slug}` })
})

const act = (issueId: string, action: IssueAction) =>
  applyAction(app, {
    issues: [{ projectId: project.projectId, id: issueId }],
    actor: ann,
    action,
  })
const mailOf = (kind: string) =>
  mailbox.waitFor(
    `a mail that it is ${kind}`,
    ({ mail }) => mail.headers.get("x-sentrylite-kind") === kind,
  )

test("an escalation is mailed with the numbers, who had archived it, and the last hours as bars", async () => {
  const { issueId } = await givenEvents(app, project, [zeroDivision()])
  const first = await mailOf("new")
  await act(issueId, { kind: "archive", how: "until_escalating", rule: {} })
  await forecastIssues(app, new AbortController().signal)
  await givenEvents(
    app,
    project,
    Array.from({ length: 10 }, () => zeroDivision()),
  )
  await wakeIssues(app)
  const { mail } = await mailOf("escalating")
  expect(mail.subject).toBe(first.mail.subject)
  expect(mail.from?.value[0]?.name).toEndWith("· Escalating")
  expect(mail.text).toContain(`Escalating in ${project.slug}/${project.slug}`)
  expect(mail.text).toContain("11 events in the last hour, usual 1.")
  expect(mail.text).toContain(`ann-${project.slug} archived this until it escalates, today.`)
  expect(mail.text).toMatch(/^\d\d:00 UTC █{20} 11$/m)
  expect(mail.html).toContain("11 events in the last hour, usual 1")
  expect(mail.text).toContain("billing/invoice.py, line 120")
  expect(mail.text).toContain("Archive: http")
})

test("an archived issue that comes back is mailed with the rule that archived it", async () => {
  const { issueId } = await givenEvents(app, project, [zeroDivision()])
  await act(issueId, {
    kind: "archive",
    how: "until_condition",
    rule: { untilEvents: 2, windowMinutes: 1_000_000 },
  })
  await givenEvents(app, project, [zeroDivision(), zeroDivision()])
  await Promise.all([wakeIssues(app), wakeIssues(app)])
  const { mail } = await mailOf("reappeared")
  expect(mail.text).toContain(`Back from the archive in ${project.slug}/${project.slug}`)
  expect(mail.text).toContain("archived this until 2 more events in 1,000,000 minutes, today.")
  expect(mail.html).toContain("Came back: it was archived until 2 more events")
  const [deliveries] = await app.sql<{ n: number }[]>`
    select count(*)::int as n from mail_deliveries where kind = 'reappeared' and recipient like ${`ann-${project.slug}%`}`
  expect(deliveries?.n).toBe(1)
})

test("bars fit a line: the longest is twenty wide, little beside much is a thin mark, nothing is nothing", () => {
  expect(
    textBars([
      { label: "01", count: 0 },
      { label: "02", count: 3 },
      { label: "03", count: 4000 },
      { label: "04", count: 2000 },
    ]).split("\n"),
  ).toEqual(["01 0", "02 ▏ 3", `03 ${"█".repeat(20)} 4,000`, `04 ${"█".repeat(10)} 2,000`])
})
