import { beforeAll, expect, test } from "bun:test"
import { Hono } from "hono"
import { listIssueRecipients } from "#mail/issue-store.ts"
import { type UnsubscribeScope, unsubscribeToken } from "#mail/unsubscribe-token.ts"
import { urls } from "#urls.ts"
import { createPages } from "#web/server.ts"
import { SECRET_KEY, testApp } from "../../../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../../../support/issues.ts"

const app = await testApp()
const pages = createPages(app, { health: new Hono(), ui: new Hono() })

let shop: GivenProject
let issueId: string
beforeAll(async () => {
  shop = await givenShop(app, "shop")
  issueId = (await givenEvents(app, shop, [zeroDivision()])).issueId
})

const linkFor = (scope: UnsubscribeScope, org = "shop") => {
  const path =
    scope.kind === "issue"
      ? urls.unsubscribeIssue(org, scope.id)
      : urls.unsubscribeProject(org, scope.id)
  return `${path}?t=${unsubscribeToken(SECRET_KEY, scope)}`
}

/** As a mail program does it: no cookies, no origin, no form token. */
const oneClick = (link: string) =>
  pages.request(
    link,
    {
      method: "POST",
      headers: { host: "sentry.test:9000", "content-type": "application/x-www-form-urlencoded" },
      body: "List-Unsubscribe=One-Click",
    },
    { remoteAddress: "192.0.2.1" },
  )
const open = (link: string) =>
  pages.request(link, { headers: { host: "sentry.test:9000" } }, { remoteAddress: "192.0.2.1" })

const names = async () => {
  const people = await listIssueRecipients(app.sql, { projectId: shop.projectId, issueId })
  return people.map(({ name }) => name)
}

test("opening the link only asks, because scanners open links; one click of the mail program acts", async () => {
  const userId = await givenMember(app, shop, { name: "ann" })
  const link = linkFor({ userId, kind: "issue", id: issueId })
  const page = await open(link)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain("Stop mails about this issue")
  expect(await names()).toContain("ann")
  const answer = await oneClick(link)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain("You get no more mails about this issue.")
  expect(await names()).not.toContain("ann")
  expect((await oneClick(link)).status).toBe(200)
})

test("a project is muted the same way, also when its organization has another name by now", async () => {
  const userId = await givenMember(app, shop, { name: "bob" })
  const link = linkFor({ userId, kind: "project", id: shop.projectId }, "old-name")
  expect(await (await open(link)).text()).toContain("Stop mails about this project")
  expect(await names()).toContain("bob")
  expect((await oneClick(link)).status).toBe(200)
  expect(await names()).not.toContain("bob")
})

test("a link that is cut off, forged, or of another thing does nothing and says so", async () => {
  const userId = await givenMember(app, shop, { name: "carol" })
  const link = linkFor({ userId, kind: "issue", id: issueId })
  const [, token = ""] = link.split("?t=")
  const other = await givenMember(app, shop, { name: "other" })
  for (const wrong of [
    link.slice(0, -3),
    link.split("?")[0] ?? "",
    `${urls.unsubscribeProject("shop", issueId)}?t=${token}`,
    `${urls.unsubscribeIssue("shop", "999")}?t=${token}`,
    `${urls.unsubscribeIssue("shop", issueId)}?t=${token.replace(userId, other)}`,
  ]) {
    for (const response of [await open(wrong), await oneClick(wrong)]) {
      expect([wrong, response.status]).toEqual([wrong, 404])
      expect(await response.text()).toContain("This link is not valid")
    }
  }
  expect(await names()).toContain("carol")
})

test("what is gone already needs no stopping", async () => {
  const userId = await givenMember(app, shop, { name: "dan" })
  expect((await oneClick(linkFor({ userId, kind: "issue", id: "424242" }))).status).toBe(200)
  expect((await oneClick(linkFor({ userId, kind: "project", id: "424242" }))).status).toBe(200)
  expect((await oneClick(linkFor({ userId: "424242", kind: "issue", id: issueId }))).status).toBe(
    200,
  )
})
