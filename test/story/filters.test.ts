import { expect, test } from "bun:test"
import { createLine } from "#pipeline/line.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { testApp } from "../support/app.ts"
import { AUTH, givenDoor, givenProjects } from "../support/door.ts"
import { givenMember } from "../support/issues.ts"
import { batchOf, recordOf } from "../support/line.ts"
import { givenDays } from "../support/occurrences.ts"
import { signedIn } from "../support/people.ts"

/** What a project does not want, from its page through the door and the worker back to its page. */

const app = await testApp()
await givenDays(app.sql, [new Date().toISOString().slice(0, 10)])
await givenProjects(app.sql)
const place = { organizationId: "1", projectId: "1", slug: "acme" }
const ann = await signedIn(app, {
  id: await givenMember(app, place, { name: "Ann", role: "owner" }),
})
const door = await givenDoor(app.sql, { blobs: app.blobs })
const line = createLine(app)
const path = "/settings/acme/projects/backend/filters/data-filters/"

/** Posts events as from `address`, behind a proxy; what the clients were answered. */
async function post(events: object[], address = "192.0.2.9") {
  const headers = { ...AUTH, "X-Forwarded-For": address }
  const answers = []
  for (const event of events) {
    const body = JSON.stringify(event)
    answers.push((await door.send("/api/1/store/", { headers, body }, "10.0.0.1")).status)
  }
  const records = door.messages.splice(0).map((message) => recordOf(message))
  line.projects.forget()
  await processBatch(line, batchOf(records), new AbortController().signal)
  return answers
}
async function titles() {
  const rows = await app.sql`select title from issues where project_id = 1 order by title`
  return rows.map(({ title }) => title)
}
const words = async (response: Response) =>
  (await response.text()).replace(/<[^>]*>/g, "").replace(/\s+/g, " ")

test("clients get their 200, the project what it wants, and its page tells what was dropped", async () => {
  const saved = await ann.post(path, {
    action: "save",
    localhost: "on",
    webCrawlers: "on",
    errorMessages: "*Script error*",
    clientAddresses: "203.0.113.0/24",
  })
  expect(saved.status).toBe(303)
  const answers = await post([
    { message: "a developer's", request: { url: "http://localhost:3000/" } },
    { message: "a crawler's", request: { headers: { "User-Agent": "Googlebot/2.1" } } },
    { message: "a bot's", request: { headers: { "User-Agent": "Slackbot 1.0" } } },
    { exception: { values: [{ type: "Error", value: "Script error." }] } },
    { message: "a user's" },
  ])
  expect(answers).toEqual([200, 200, 200, 200, 200])
  await post([{ message: "a neighbour's" }], "203.0.113.7")
  expect(await titles()).toEqual(["a bot's", "a user's"])

  const page = await words(await ann.get(path))
  expect(page).toContain("In the last 30 days: 4 events.")
  expect(page.match(/1 in 30 days/g)?.length).toBe(4)

  await ann.post(path, { action: "save", healthChecks: "on" })
  await post([{ message: "a developer's", request: { url: "http://localhost:3000/" } }])
  expect(await titles()).toEqual(["a bot's", "a developer's", "a user's"])
})
