import { beforeAll, expect, test } from "bun:test"
import { apiClient, givenUserToken } from "../support/api.ts"
import { testApp } from "../support/app.ts"
import {
  type GivenProject,
  givenEvents,
  givenMember,
  givenShop,
  zeroDivision,
} from "../support/issues.ts"
import { signIn } from "../support/pages.ts"
import { givenCommittedRelease } from "../support/releases.ts"

const app = await testApp()
let shop: GivenProject
let ann: string

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  ann = await givenMember(app, shop, { name: "Ann", role: "owner" })
})

const givenCommits = (version: string, day: number, path: string) =>
  givenCommittedRelease(app, shop, { version, day, path })

test("the commits of an issue's first release and of those before that changed a file of its trace", async () => {
  await givenCommits("1", 1, "src/billing/invoice.py")
  await givenCommits("2", 2, "src/billing/views.py")
  await givenCommits("3", 3, "src/other.py")
  await givenCommits("later", 9, "src/billing/invoice.py")
  const { issueId, eventId } = await givenEvents(app, shop, [zeroDivision({ release: "3" })])
  const page = await (await signIn(app, ann)).get(`/organizations/shop/issues/${issueId}/`)
  const html = await page.text()
  expect(html).toContain("Suspect commits")
  expect(html).toContain("Change src/billing/invoice.py")
  expect(html).not.toContain("src/other.py")

  const client = apiClient(app, await givenUserToken(app, ann))
  const answer = await client.get(`/projects/shop/shop/events/${eventId}/committers/`)
  expect(await answer.json()).toMatchObject({
    committers: [
      {
        author: { email: "ann@example.test" },
        commits: [
          { message: "Change src/billing/invoice.py", score: 5 },
          { message: "Change src/billing/views.py", score: 4 },
        ],
      },
    ],
  })
})

test("without a commit that explains it there is no section, and the API has nothing", async () => {
  const { eventId } = await givenEvents(app, shop, [
    { release: "3", logentry: { formatted: "no trace" } },
  ])
  const client = apiClient(app, await givenUserToken(app, ann))
  expect((await client.get(`/projects/shop/shop/events/${eventId}/committers/`)).status).toBe(404)
})

test("a frame of the JVM names a file in the folder of its package", async () => {
  await givenCommits("java-1", 4, "src/main/java/com/acme/cart/Price.java")
  const frame = { module: "com.acme.cart.Price", filename: "Price.java", function: "of", lineno: 7 }
  const { eventId } = await givenEvents(app, shop, [
    {
      platform: "java",
      release: "java-1",
      exception: {
        values: [{ type: "E", value: "v", stacktrace: { frames: [{ ...frame, in_app: true }] } }],
      },
    },
  ])
  const client = apiClient(app, await givenUserToken(app, ann))
  const answer = await client.get(`/projects/shop/shop/events/${eventId}/committers/`)
  expect(await answer.json()).toMatchObject({
    committers: [
      { commits: [{ message: "Change src/main/java/com/acme/cart/Price.java", score: 5 }] },
    ],
  })
})
