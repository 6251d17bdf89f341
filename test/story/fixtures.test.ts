import { afterAll, expect, test } from "bun:test"
import { connect } from "#platform/db.ts"
import { embeddedUrl } from "#platform/postgres/server.ts"
import { foundAcme } from "../support/acme.ts"
import { startChromium } from "../support/chromium.ts"
import { startAppliance } from "../support/executable.ts"
import { listFixtures, requestFor } from "../support/fixtures.ts"
import { type Post, postAndLook } from "../support/post-and-look.ts"
import { envelopePost, eventOf, storePost } from "../support/sample-posts.ts"
import { signIn } from "../support/watched-page.ts"

const browser = await startChromium()
const appliance = await startAppliance()
const acme = await foundAcme(appliance)
const sql = connect(await embeddedUrl(appliance.dataDir), { max: 1 })
afterAll(() => sql.end())
const place = { acme, sql, watched: await signIn(browser, appliance.url) }
const fixtures = listFixtures()

test("every captured request is taken as it came, and its event has its pages", async () => {
  const dsn = await acme.project("captured")
  const posts = fixtures.map((fixture): Post => {
    const request = requestFor(fixture, dsn)
    const name = fixture.file ?? fixture.client
    return { name, endpoint: "as it came", dsn, request, hasEvent: eventOf(fixture) !== null }
  })
  expect(await faultsOf(posts)).toEqual([])
}, 60_000)

test("every captured event is the same to both endpoints", async () => {
  const [store, envelope] = [await acme.project("store"), await acme.project("envelope")]
  const posts = fixtures.flatMap((fixture) => {
    const event = eventOf(fixture)
    const name = fixture.file ?? fixture.client
    return event === null
      ? []
      : [storePost(name, event, store), envelopePost(name, event, envelope)]
  })
  expect(posts.length).toBeGreaterThan(25)
  const verdicts = await postAndLook(place, posts)
  expect(verdicts.filter(({ faults }) => faults.length > 0)).toEqual([])
  const titlesAt = (endpoint: string) =>
    verdicts.filter((each) => each.endpoint === endpoint).map(({ name, title }) => [name, title])
  expect(titlesAt("envelope")).toEqual(titlesAt("store"))
}, 60_000)

async function faultsOf(posts: Post[]): Promise<object[]> {
  return (await postAndLook(place, posts)).filter(({ faults }) => faults.length > 0)
}
