import { expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { foldTags } from "#issues/tags/fold.ts"
import { createProject } from "#projects/projects.ts"
import { uiRoutes } from "#web/ui/router.ts"
import { testApp } from "../../support/app.ts"
import { givenEvents, zeroDivision } from "../../support/issues.ts"
import { givenDays } from "../../support/occurrences.ts"
import { givenMember, givenOrganization, signedIn } from "../../support/people.ts"
import { visitorOf } from "../../support/visitor.ts"

const app = await testApp()
const acme = await givenOrganization(app, "acme")
const ann = await givenMember(app, acme, "owner")
await app.sql`update users set is_superuser = true where id = ${ann.id}`
const { project, key } = await app.sql.begin((tx) =>
  createProject(tx, cliActor, {
    organizationId: acme.id,
    slug: "backend",
    name: "Backend",
    platform: "python",
    teams: ["acme"],
  }),
)
await givenDays(app.sql, [new Date().toISOString().slice(0, 10)])
const place = { organizationId: acme.id, projectId: project.id, slug: "backend" }
const { issueId } = await givenEvents(app, place, [zeroDivision()])
await foldTags(app.sql, new AbortController().signal)

const values: Record<string, string> = {
  ...{ org: "acme", project: "backend", team: "acme", issue: issueId, event: "latest" },
  ...{ member: ann.memberId, key: key.publicKey, user: ann.id, token: "x", platform: "python" },
}

/** Every GET route, filled in with things that are there. */
const paths = [
  ...new Set(
    uiRoutes(app)
      .routes.filter(({ method }) => method === "GET")
      .map(({ path }) =>
        path
          .replace("/distributions/:key/", "/distributions/environment/")
          .replace(/:(\w+)(?:\{.*?\}+)?/g, (_, name: string) => values[name] ?? name)
          .replace("*", "organizations/:orgslug/"),
      ),
  ),
]

/** What a browser fetches by itself, or sends a form to. */
const FETCHED = ["src", "srcset", "poster", "data", "action", "formaction", "hx-get", "hx-post"]
const LOADED = new Set(["link", "use", "image", "base"])

/** Everything in a page that is inline code or leads elsewhere without being clicked. */
async function offencesIn(html: string): Promise<string[]> {
  const offences: string[] = []
  const isOwn = (address: string) => /^(?:$|[#?]|\/(?!\/)|data:image\/)/.test(address)
  await new HTMLRewriter()
    .on("*", {
      element({ tagName, attributes }) {
        const given = [...attributes].map(([name = "", value = ""]) => ({ name, value }))
        if (tagName === "style") offences.push("<style>")
        if (tagName === "script" && !given.some(({ name }) => name === "src")) {
          offences.push("<script> without src")
        }
        for (const { name, value } of given) {
          const isFetched = FETCHED.includes(name) || (LOADED.has(tagName) && /href$/.test(name))
          const isCode = name === "style" || /^(?:on|hx-on)/.test(name)
          if (isCode || (isFetched && !isOwn(value)))
            offences.push(`<${tagName} ${name}="${value}">`)
        }
      },
    })
    .transform(new Response(html))
    .text()
  return offences
}

test("no page asks a third party for anything or carries code or style of its own", async () => {
  const ways = { owner: await signedIn(app, ann), stranger: visitorOf(app) }
  let pages = 0
  for (const [who, visitor] of Object.entries(ways)) {
    for (const path of [...paths, "/no/such/page/", "/setup/?token=x"]) {
      const response = await visitor.get(path)
      expect([path, response.status]).not.toEqual([path, 500])
      if (!response.headers.get("content-type")?.startsWith("text/html")) continue
      pages++
      const found = await offencesIn(await response.text())
      expect([who, path, found]).toEqual([who, path, []])
      expect([path, response.headers.get("cache-control")]).toEqual([path, "no-store"])
      expect(response.headers.get("content-security-policy")).toStartWith(
        "default-src 'none'; script-src 'self'",
      )
    }
  }
  expect(pages).toBeGreaterThan(45)
})

test("the measure finds what it is there for", async () => {
  for (const html of [
    "<script>x</script>",
    "<style>a{}</style>",
    '<p style="x">',
    '<p onclick="x">',
    '<img src="//cdn.test/x">',
    '<link href="https://cdn.test/x">',
    '<form action="https://x.test/">',
  ]) {
    expect([html, (await offencesIn(html)).length]).toEqual([html, 1])
  }
})
