import { beforeEach, expect, test } from "bun:test"
import { cliActor } from "#accounts/organizations/actor.ts"
import { deleteIssuesForGood } from "#issues/moving/deleting.ts"
import { mergeIssues } from "#issues/moving/merging.ts"
import { updateAfterLoss } from "#issues/moving/move-store.ts"
import { ConcurrentChange } from "#issues/occurrences/occurrence.ts"
import { followMerge } from "#maintenance/follow-merge.ts"
import { mapLateEvents, remapEvents, startRemapping } from "#maintenance/remap/remap.ts"
import { removeLeavingIssues } from "#maintenance/remove-issues.ts"
import { AppError } from "#platform/errors.ts"
import { isPassing } from "#platform/transact.ts"
import { createSymbolication } from "#symbolication/symbolication.ts"
import { type ApiClient, apiClient, givenOrganizationToken } from "../support/api.ts"
import { testApp } from "../support/app.ts"
import { expectExactCounts } from "../support/counts.ts"
import { type GivenProject, givenEvents, givenShop, saveEvents } from "../support/issues.ts"
import { MINIFIED, mapOf, minifiedEvent } from "../support/minified.ts"
import { givenBundle } from "../support/uploads.ts"
import { bundleOf } from "../support/zip.ts"

const app = await testApp()
const { signal } = new AbortController()
let shop: GivenProject
let client: ApiClient

beforeEach(async () => {
  shop = await givenShop(app)
  const organization = { id: shop.organizationId, slug: shop.slug }
  client = apiClient(app, await givenOrganizationToken(app, organization, ["org:ci"]))
})

/** Of a build: its names differ from those of another, and are the same again in what was written. */
const event = (release: string, name = "a", user = "7") =>
  minifiedEvent(
    { abs_path: "https://till.example/static/basket.js", function: name },
    { release, user: { id: user } },
  )
const times = (count: number, release: string, name?: string) =>
  Array.from({ length: count }, (_, n) => event(release, name, `${n % 50}`))
const send = async (...events: object[]) => (await givenEvents(app, shop, events)).issueId

async function upload(version: string, source?: string) {
  const script = {
    type: "minified_source",
    url: "~/static/basket.js",
    headers: { sourcemap: "basket.js.map" },
    body: MINIFIED,
  }
  const map = { type: "source_map", url: "~/static/basket.js.map", body: mapOf(source) }
  const bundle = bundleOf({ "a.js": script, "a.js.map": map }, { note: version })
  await givenBundle(app, client, shop.slug, bundle, { projects: [shop.slug], version })
}

type Hook = () => Promise<unknown>

/** Applies what was uploaded; `beforeMap` comes before every look at maps. */
async function apply(until = signal, id?: string, beforeMap?: Hook) {
  const remappingId = id ?? (await startRemapping(app, shop.projectId, null))
  const own = createSymbolication(app)
  const map: typeof own.map = async (...args) => {
    await beforeMap?.()
    return own.map(...args)
  }
  const parts = { ...app, symbolication: { ...own, map } }
  try {
    await remapEvents(parts, { projectId: shop.projectId, remappingId }, until)
  } finally {
    await own.stop()
  }
  const [run] = await app.sql`
    select status, mapped::int as mapped, moved::int as moved from remappings where id = ${remappingId}`
  return run
}

async function settle() {
  for (const { id } of await issues())
    await followMerge(app, { projectId: shop.projectId, issueId: id }, signal)
  await expectExactCounts(app, shop.projectId)
}

const issues = () =>
  app.sql<{ id: string; shortId: string; events: number; culprit: string }[]>`
    select id, short_id, times_seen::int as events, culprit from issues
    where project_id = ${shop.projectId} and status < 3 order by id`
const redirectOf = async (id: string) => {
  const [row] = await app.sql`select issue_id from issue_redirects where old_issue_id = ${id}`
  return row?.issueId
}

const pick = <T>(values: readonly T[]) => values[Math.floor(Math.random() * values.length)]!

/** Lets work go on so many times, then the process ends. */
function signalFor(looks: number): AbortSignal {
  const throwIfAborted = () => {
    if (looks-- <= 0) throw new Error("killed")
  }
  return { aborted: false, throwIfAborted } as unknown as AbortSignal
}

test("an issue all of whose events are mapped late remains itself, and takes what comes", async () => {
  const id = await send(...times(3, "1"))
  const before = await app.sql`
    update issues set status = 1, comment_count = 2 where id = ${id}
    returning short_id, first_seen, status, comment_count`
  await upload("1")
  expect(await apply()).toEqual({ status: "done", mapped: 3, moved: 0 })
  expect(
    await app.sql`select short_id, first_seen, status, comment_count from issues where id = ${id}`,
  ).toEqual(before)
  expect((await issues())[0]?.culprit).toStartWith("addToBasket(")
  await saveEvents(app, shop, [event("1")])
  expect(await issues()).toMatchObject([{ id, shortId: "1", events: 4 }])
  // By the names of a build, too.
  expect(await send(event("none"))).toBe(id)
  await settle()
})

test("of issues that become one, that with most events remains itself", async () => {
  const small = await send(...times(2, "1", "x"))
  const large = await send(...times(5, "1", "y"))
  expect(small).not.toBe(large)
  await upload("1")
  expect(await apply()).toMatchObject({ mapped: 7, moved: 2 })
  await settle()
  expect(await issues()).toMatchObject([{ id: large, events: 7 }])
  expect(await redirectOf(small)).toBe(large)
})

test("an issue that becomes several keeps the largest part", async () => {
  const id = await send(...times(2, "1"), ...times(4, "2"), event("3"))
  await upload("1", "webpack:///./src/one.js")
  await upload("2", "webpack:///./src/two.js")
  await upload("3", "webpack:///./src/three.js")
  expect(await apply()).toMatchObject({ mapped: 7, moved: 3 })
  await settle()
  const found = await issues()
  expect(found).toMatchObject([{ id, events: 4 }, {}, {}])
  expect(found.map(({ events }) => events).sort()).toEqual([1, 2, 4])
  expect(await send(event("2"))).toBe(id)
})

test("an issue of which only a part can be mapped stays with the rest", async () => {
  const id = await send(...times(5, "1"), ...times(2, "none"))
  const other = await send(...times(3, "1", "y"))
  await upload("1")
  expect(await apply()).toMatchObject({ mapped: 8, moved: 5 })
  await settle()
  expect(await issues()).toMatchObject([
    { id, events: 2 },
    { id: other, events: 8 },
  ])
})

test("a hash that was discarded is taken over by nobody", async () => {
  const id = await send(...times(2, "1"))
  await upload("1")
  const mapped = await send(event("1", "a"))
  await app.sql`delete from events where issue_id = ${mapped}`
  await app.sql`
    update issue_hashes set issue_id = null, is_discarded = true where issue_id = ${mapped}`
  await app.sql`delete from issues where id = ${mapped}`
  await apply()
  expect(await issues()).toMatchObject([{ id, events: 2 }])
})

test("wherever it was killed, more events than a chunk has end in the same issue, with its name", async () => {
  const id = await send(...times(520, "1"))
  await upload("1")
  const run = await startRemapping(app, shop.projectId, null)
  // While it looks, before it writes, between two chunks.
  for (const looks of [1, 3, 4]) {
    await expect(apply(signalFor(looks), run)).rejects.toThrow("killed")
  }
  expect(await apply(signal, run)).toEqual({ status: "done", mapped: 520, moved: 0 })
  expect(await issues()).toMatchObject([{ id, events: 520 }])
  expect((await issues())[0]?.culprit).toStartWith("addToBasket(")
  await settle()
})

test("an issue that workers made for the new hash meanwhile becomes part of the one that was there", async () => {
  const id = await send(...times(120, "1"))
  await upload("1")
  let isSaved = false
  await apply(signal, undefined, async () => {
    if (isSaved) return
    isSaved = true
    expect(await send(...times(5, "1"))).not.toBe(id)
  })
  await settle()
  expect(await issues()).toMatchObject([{ id, shortId: "1", events: 125 }])
})

test("whenever workers save events with the new hash, the issue remains itself and has all of them", async () => {
  const id = await send(...times(120, "1"))
  await upload("1")
  const saving: Promise<unknown>[] = []
  await apply(signal, undefined, async () => {
    saving.push(saveEvents(app, shop, times(5, "1")), saveEvents(app, shop, times(5, "1")))
  })
  await Promise.all(saving)
  await settle()
  expect(await issues()).toMatchObject([{ id, events: 120 + saving.length * 5 }])
})

test("an issue that had the new hash before it keeps that, and gets the events", async () => {
  const id = await send(...times(9, "1"))
  await upload("1")
  const known = await send(event("1"))
  expect(await apply()).toMatchObject({ mapped: 9, moved: 9 })
  await settle()
  expect(await issues()).toMatchObject([{ id: known, events: 10 }])
  expect(await redirectOf(id)).toBe(known)
})

test("an issue whose events were stored before their map was read remains itself, whatever maps them first", async () => {
  const id = await send(...times(3, "1"))
  const rows = await app.sql`
    select replace(event_id::text, '-', '') as event_id, received_day::text as day from events where issue_id = ${id}`
  await upload("1")
  for (const { eventId, day } of rows) {
    const symbolication = createSymbolication(app)
    const eventIds = [eventId as string]
    await mapLateEvents({ ...app, symbolication }, { projectId: shop.projectId, day, eventIds })
    await symbolication.stop()
  }
  await settle()
  expect(await issues()).toMatchObject([{ id, events: 3 }])
  expect((await issues())[0]?.culprit).toStartWith("addToBasket(")
})

test("an issue that is merged while maps are looked at gives its place and its hash to the other", async () => {
  const other = await send({ message: "another problem" })
  const id = await send(...times(3, "1"))
  await upload("1")
  let isMerged = false
  await apply(signal, undefined, async () => {
    if (isMerged) return
    isMerged = true
    const issue = (issueId: string) => ({ projectId: shop.projectId, id: issueId })
    await mergeIssues(app, { issues: [issue(other), issue(id)], actor: null })
  })
  await settle()
  expect(await redirectOf(id)).toBe(other)
  const events =
    await app.sql`select distinct issue_id from events where project_id = ${shop.projectId}`
  for (const { issueId } of events) {
    expect((await issues()).map((each) => each.id)).toContain(issueId)
  }
})

test("whatever is saved, merged and deleted while uploads are applied, counts are exact", async () => {
  const names = ["a", "b", "c", "d"]
  for (const name of names) await saveEvents(app, shop, times(20, pick(["1", "2", "none"]), name))
  await upload("1")
  await upload("2", "webpack:///./src/two.js")
  const repeat = async (count: number, act: () => Promise<unknown>) => {
    for (let turn = 0; turn < count; turn++) await act()
  }
  const save = () => saveEvents(app, shop, times(5, pick(["1", "2", "none"]), pick(names)))
  const some = async () => (await issues()).map(({ id }) => ({ projectId: shop.projectId, id }))
  const tolerant = (act: () => Promise<unknown>) => async () => {
    await act().catch((error) => {
      if (!(error instanceof AppError)) throw error
    })
  }
  const merge = tolerant(async () => {
    const all = await some()
    if (all.length === 0) return
    await mergeIssues(app, { issues: [pick(all), pick(all)], actor: null })
  })
  const remove = tolerant(async () => {
    const request = { organizationId: shop.organizationId, actor: cliActor, discard: false }
    await deleteIssuesForGood(app, { ...request, issues: (await some()).slice(0, 1) })
  })
  const task = async (run: () => Promise<unknown>): Promise<void> => {
    await run().catch((error) => {
      if (!isPassing(error) && !(error instanceof ConcurrentChange)) throw error
      return task(run)
    })
  }
  const run = await startRemapping(app, shop.projectId, null)
  await Promise.all([
    repeat(10, save),
    repeat(10, save),
    repeat(4, merge),
    repeat(2, remove),
    task(() => apply(signal, run)),
  ])
  await removeLeavingIssues(app, signal)
  for (const { id } of await issues())
    await followMerge(app, { projectId: shop.projectId, issueId: id }, signal)
  // What lost events while a merge was on its way to it knows its first one only afterwards.
  for (const { id } of await issues())
    await app.sql.begin((tx) => updateAfterLoss(tx, shop.projectId, id))
  await expectExactCounts(app, shop.projectId)
})
