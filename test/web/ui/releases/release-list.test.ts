import { beforeAll, expect, test } from "bun:test"
import { addDeploy } from "#releases/deploys.ts"
import { createRelease } from "#releases/releases.ts"
import { testApp } from "../../../support/app.ts"
import { type GivenProject, givenEvents, givenMember, givenShop } from "../../../support/issues.ts"
import { type SignedIn, signIn } from "../../../support/pages.ts"

const app = await testApp()
const LIST = "/organizations/shop/releases/"
let shop: GivenProject
let ann: SignedIn

const make = async (
  version: string,
  releasedAt: Date | null = null,
  projectIds = [shop.projectId],
) =>
  (
    await createRelease(app, { organizationId: shop.organizationId, version }, projectIds, {
      releasedAt,
    })
  ).release

beforeAll(async () => {
  shop = await givenShop(app, "shop")
  ann = await signIn(app, await givenMember(app, shop, { name: "Ann", role: "owner" }))
  for (let number = 0; number < 60; number++) {
    await make(`shop@1.${number % 12}.${number}`, new Date(Date.UTC(2026, 0, 1 + number)))
  }
})

const html = async (path: string) => (await ann.get(path)).text()
const versionsIn = (page: string) =>
  [...page.matchAll(/class="version" title="([^"]*)"/g)].map(([, version = ""]) => version)
const link = (page: string, rel: "next" | "prev") => {
  const [, href] =
    new RegExp(`href="([^"]*)"[^>]*rel="${rel}"|rel="${rel}"[^>]*href="([^"]*)"`)
      .exec(page)
      ?.filter((each) => each !== undefined) ?? []
  return href?.replaceAll("&amp;", "&") ?? null
}

/** All pages from the first to the last; each must lead back to the one before it. */
async function walk(search: string): Promise<string[][]> {
  const pages: string[][] = []
  let path: string | null = `${LIST}${search}`
  while (path !== null) {
    const page = await html(path)
    const back = link(page, "prev")
    if (pages.length > 0) expect(versionsIn(await html(back ?? ""))).toEqual(pages.at(-1) ?? [])
    else expect(back).toBeNull()
    pages.push(versionsIn(page))
    path = link(page, "next")
  }
  return pages
}

test("the pages hold every release once, newest first or greatest first, forwards and back", async () => {
  const newest = await walk("")
  expect(newest.map(({ length }) => length)).toEqual([25, 25, 10])
  expect(newest.flat()).toEqual(
    Array.from({ length: 60 }, (_, index) => `shop@1.${(59 - index) % 12}.${59 - index}`),
  )
  const greatest = (await walk("?sort=semver")).flat()
  expect(greatest.slice(0, 3)).toEqual(["shop@1.11.59", "shop@1.11.47", "shop@1.11.35"])
  expect(new Set(greatest).size).toBe(60)
})

test("the page behind a release that is gone is the first one", async () => {
  expect(versionsIn(await html(`${LIST}?after=999999`))).toHaveLength(25)
  expect(versionsIn(await html(`${LIST}?after=x&before=-1`))).toHaveLength(25)
})

test("versions are filtered as versions, and a mistake says what is wrong", async () => {
  expect(versionsIn(await html(`${LIST}?query=release.version:>=1.11.40`))).toEqual([
    "shop@1.11.59",
    "shop@1.11.47",
  ])
  expect(versionsIn(await html(`${LIST}?query=release:shop@1.3.3`))).toEqual(["shop@1.3.3"])
  expect(versionsIn(await html(`${LIST}?query=release.package:other`))).toEqual([])
  const refused = await html(`${LIST}?query=release.version:soon`)
  expect(refused).toContain("takes a version")
  expect(refused).not.toContain("No release matches")
})

test("a star in a name is a star in the search that its numbers lead to", async () => {
  await givenEvents(app, shop, [{ logentry: { formatted: "of a star" }, release: "star*1" }])
  const [, href = ""] =
    /href="([^"]*firstRelease[^"]*)"/.exec(await html(`${LIST}?query=star`)) ?? []
  expect(new URL(href.replaceAll("&amp;", "&"), "http://x").searchParams.get("query")).toBe(
    'firstRelease:"star\\*1"',
  )
  expect(await html(href.replaceAll("&amp;", "&"))).toContain("of a star")
})

test("a row tells each environment with its age, regressions, commits and authors", async () => {
  const release = await make("row@1", new Date("2027-01-01"))
  const finished = (hours: number) => new Date(app.clock.now().getTime() - hours * 3_600_000)
  for (const [environment, hours] of [
    ["production", 2],
    ["production", 30],
    ["staging", 5],
  ] as const) {
    await addDeploy(
      app,
      { ...release, organizationId: shop.organizationId },
      {
        environment,
        name: null,
        url: null,
        startedAt: null,
        finishedAt: finished(hours),
        projectIds: [],
      },
    )
  }
  const event = { logentry: { formatted: "comes back" }, release: "row@1" }
  const { issueId } = await givenEvents(app, shop, [event])
  await app.sql`update issues set status = 1, resolved_at = now() where id = ${issueId}`
  await givenEvents(app, shop, [event])
  const page = await html(`${LIST}?query=row`)
  expect(page).toMatch(/production<\/bdi><time[^>]*>2h ago/)
  expect(page).toMatch(/staging<\/bdi><time[^>]*>5h ago/)
  expect(page).not.toContain("1d ago")
  expect(page).toContain(`${LIST}row%401/#regressed">1</a>`)
  expect(page).toContain("crash-free")
})

test("of a deleted project nothing is counted, and merged issues count once", async () => {
  const gone = await app.sql<{ id: string }[]>`
    insert into projects (organization_id, slug, name) values (${shop.organizationId}, 'gone', 'Gone') returning id`
  const project = { ...shop, projectId: gone[0]?.id ?? "", slug: "gone" }
  const said = (text: string) => ({ logentry: { formatted: text }, release: "count@1" })
  await givenEvents(app, shop, [said("here")])
  await givenEvents(app, project, [said("there")])
  const newIssues = async () => {
    const page = await html(`${LIST}?query=count`)
    return /firstRelease[^>]*>(\d+)<\/a>/.exec(page)?.[1]
  }
  expect(await newIssues()).toBe("2")
  expect(await html(`${LIST}?query=count`)).toContain("2 events in 14 days")
  await app.sql`update projects set status = 'deleting' where id = ${project.projectId}`
  expect(await newIssues()).toBe("1")
  expect(await html(`${LIST}?query=count`)).toContain("1 events in 14 days")
  const { issueId } = await givenEvents(app, shop, [said("another one entirely")])
  expect(await newIssues()).toBe("2")
  await app.sql`update issues set status = 4 where id = ${issueId}`
  expect(await newIssues()).toBe("1")
})
