import { beforeEach, expect, test } from "bun:test"
import { evaluateAlerts } from "#alerts/evaluate.ts"
import { notifyAssignment, notifyComment } from "#alerts/notify.ts"
import { applyAction } from "#issues/actions/actions.ts"
import { addComment } from "#issues/activity/comments.ts"
import { sendMail } from "#mail/send.ts"
import { listMailDeliveries } from "#mail/store.ts"
import { readUnsubscribeToken } from "#mail/unsubscribe-token.ts"
import { SECRET_KEY, testApp } from "../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../support/issues.ts"
import { startMailbox } from "../support/mailbox.ts"
import { givenCommittedRelease } from "../support/releases.ts"

const mailbox = await startMailbox()
const app = await testApp({
  "mail.host": "127.0.0.1",
  "mail.port": mailbox.port,
  "mail.from": "Alerts <alerts@sentry.test>",
})
await app.tasks.work("evaluate-alerts", (job) => evaluateAlerts(app, job))
await app.tasks.work("notify-assignment", (job) => notifyAssignment(app, job))
await app.tasks.work("notify-comment", (job) => notifyComment(app, job))
await app.tasks.work("send-mail", (job) => sendMail(app, job))

let project: GivenProject
beforeEach(async () => {
  mailbox.clear()
  project = await givenShop(app)
})

const mailTo = (name: string, kind = "new") =>
  mailbox.waitFor(
    `a mail to ${name}`,
    ({ to, mail }) =>
      to.includes(`${name}@example.test`) && mail.headers.get("x-sentrylite-kind") === kind,
  )

test("a new issue is mailed to the members with what happened, where, and how to stop it", async () => {
  const ann = await givenMember(app, project, { name: "ann" })
  const { issueId } = await givenEvents(app, project, [zeroDivision()])
  const { mail, from } = await mailTo("ann")
  expect(from).toBe("alerts@sentry.test")
  expect(mail.from?.value[0]).toEqual({
    name: `${project.slug}/${project.slug}`,
    address: "alerts@sentry.test",
  })
  expect(mail.subject).toBe(`${project.slug.toUpperCase()}-1 - ZeroDivisionError: division by zero`)
  expect(mail.text).toContain(`New issue in ${project.slug}/${project.slug}, production`)
  expect(mail.text).toContain("billing/invoice.py, line 120, in render_total")
  expect(mail.text).toContain("total = sum(line.amount / line.quantity for line in lines)")
  expect(mail.text).not.toContain("django/core/base.py")
  expect(mail.text).toContain(
    `http://sentry.test:9000/organizations/${project.slug}/issues/${issueId}/`,
  )
  expect(`${mail.text}${mail.html}`).not.toContain("hunter2")
  expect(`${mail.text}${mail.html}`).not.toContain("victim@example.test")

  expect(mail.inReplyTo).toBe(`<issue.${issueId}@sentry.test>`)
  expect(mail.messageId).toStartWith(`<issue.${issueId}.new.`)
  expect(mail.headers.get("auto-submitted")).toBe("auto-generated")
  expect(mail.headers.get("x-sentrylite-kind")).toBe("new")
  const unsubscribe = mail.headerLines.find(({ key }) => key === "list-unsubscribe")?.line ?? ""
  const token = /\?t=([^>]+)>/.exec(unsubscribe)?.[1] ?? ""
  expect(readUnsubscribeToken(SECRET_KEY, token, { kind: "issue", id: issueId })).toBe(ann)
  expect(
    mail.headerLines.some(
      ({ line }) => line === "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    ),
  ).toBe(true)
})

test("a regression stays in the thread: same subject and root, even when the title has changed since", async () => {
  await givenMember(app, project, { name: "bob" })
  const { issueId } = await givenEvents(app, project, [zeroDivision()])
  const first = await mailTo("bob")
  mailbox.clear()
  await applyAction(app, {
    issues: [{ projectId: project.projectId, id: issueId }],
    actor: null,
    action: { kind: "resolve", in: "now" },
  })
  await app.sql`update issues set title = 'Another title' where id = ${issueId}`
  await givenEvents(app, project, [zeroDivision({ release: "2.15.0" })])
  const { mail } = await mailTo("bob", "regressed")
  expect(mail.from?.value[0]?.name).toBe(`${project.slug}/${project.slug} · Regression`)
  expect(mail.subject).toBe(first.mail.subject)
  expect(mail.references).toEqual(first.mail.references)
  expect(mail.messageId).not.toBe(first.mail.messageId)
  expect(mail.text).toContain("Back in 2.15.0, resolved today")
})

test("commits that may have brought it are named, and in which one it had been resolved", async () => {
  await givenMember(app, project, { name: "cleo" })
  const given = { version: "2.14.1", day: 3, path: "billing/invoice.py" }
  const { sha } = await givenCommittedRelease(app, project, given)
  const { issueId } = await givenEvents(app, project, [zeroDivision()])
  const first = await mailTo("cleo")
  const line = `${sha.slice(0, 7)} Change billing/invoice.py, Ann`
  expect(first.mail.text).toContain(`Suspect commit: ${line}`)
  expect(first.mail.html).toContain(line)
  mailbox.clear()
  await applyAction(app, {
    issues: [{ projectId: project.projectId, id: issueId }],
    actor: null,
    action: { kind: "resolve", in: { sha: sha.slice(0, 10) } },
  })
  await givenEvents(app, project, [zeroDivision()])
  const { mail } = await mailTo("cleo", "regressed")
  expect(mail.text).toContain(
    `Back in 2.14.1, resolved in 2.14.1 by commit ${sha.slice(0, 7)} today`,
  )
})

test("people who muted the project or left the issue hear nothing, others do", async () => {
  const muted = await givenMember(app, project, { name: "muted" })
  await app.sql`insert into project_mutes (project_id, user_id) values (${project.projectId}, ${muted})`
  await givenMember(app, project, { name: "carol" })
  await givenMember(app, project, { name: "money", role: "billing" })
  await givenEvents(app, project, [zeroDivision()])
  await mailTo("carol")
  expect(mailbox.messages.map(({ to }) => to[0])).toEqual(["carol@example.test"])
})

test("only members of the project's teams hear of it when it has teams", async () => {
  await givenMember(app, project, { name: "outside" })
  const inside = await givenMember(app, project, { name: "inside" })
  const [team] =
    await app.sql`insert into teams (organization_id, slug, name) values (${project.organizationId}, 'core', 'Core') returning id`
  await app.sql`insert into project_teams (project_id, team_id) values (${project.projectId}, ${team?.id})`
  await app.sql`insert into team_members (team_id, member_id) select ${team?.id}, id from org_members where user_id = ${inside}`
  await givenEvents(app, project, [zeroDivision()])
  await mailTo("inside")
  expect(mailbox.messages.map(({ to }) => to[0])).toEqual(["inside@example.test"])
})

test("an assignment tells the assignee and not who did it; a comment tells who follows", async () => {
  const { issueId } = await givenEvents(app, project, [zeroDivision()])
  const dan = await givenMember(app, project, { name: "dan" })
  const eve = await givenMember(app, project, { name: "eve" })
  const issue = { projectId: project.projectId, id: issueId }
  await applyAction(app, {
    issues: [issue],
    actor: dan,
    action: { kind: "assign", to: { userId: eve } },
  })
  const assigned = await mailTo("eve", "assigned")
  expect(assigned.mail.text).toContain("dan assigned this to you")
  expect(assigned.mail.text).toContain("Archive: ")
  expect(assigned.mail.text).not.toContain("Assign to me")
  mailbox.clear()
  await applyAction(app, { issues: [issue], actor: dan, action: { kind: "subscribe", on: true } })
  mailbox.clear()
  await addComment(app, issue, { userId: eve, text: "See\r\nthe <b>log</b>" })
  const { mail } = await mailTo("dan", "comment")
  expect(mail.text).toContain("> See\n> the <b>log</b>")
  expect(mail.html).toContain("&lt;b&gt;log&lt;/b&gt;")
  const comments = mailbox.messages.filter(({ mail: each }) =>
    each.from?.value[0]?.name.endsWith("Comment"),
  )
  expect(comments.map(({ to }) => to[0])).toEqual(["dan@example.test"])
})

test("header text from events cannot break out of its header", async () => {
  await givenMember(app, project, { name: "frank" })
  const value = "x\r\nBcc: evil@example.test\r\n\r\nbody \u202e end"
  await givenEvents(app, project, [
    { platform: "python", exception: { values: [{ type: "E", value }] } },
  ])
  const { mail, to, raw } = await mailTo("frank")
  expect(to).toEqual(["frank@example.test"])
  expect(mail.headers.has("bcc")).toBe(false)
  expect(raw).not.toMatch(/^Bcc:/m)
})

test("minimal mail keeps the short id and the link, nothing of the event", async () => {
  await givenMember(app, project, { name: "gina" })
  await app.sql`update projects set settings = '{"minimalMail": true}' where id = ${project.projectId}`
  await givenEvents(app, project, [zeroDivision()])
  const { mail } = await mailTo("gina")
  expect(mail.subject).toBe(`${project.slug.toUpperCase()}-1`)
  expect(`${mail.text}${mail.html}`).not.toContain("ZeroDivisionError")
  expect(`${mail.text}${mail.html}`).not.toContain("invoices")
})

test("the same news is mailed once, however often its task runs", async () => {
  await givenMember(app, project, { name: "hugo" })
  const { issueId, eventId } = await givenEvents(app, project, [zeroDivision()])
  await mailTo("hugo")
  const job = {
    projectId: project.projectId,
    issueId,
    eventId,
    trigger: "new" as const,
    activityId: "",
  }
  await evaluateAlerts(app, job)
  await evaluateAlerts(app, job)
  const sent = await listMailDeliveries(app.sql, 100)
  expect(sent.filter(({ recipient }) => recipient === "hugo@example.test")).toHaveLength(1)
})
