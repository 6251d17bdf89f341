import { expect, test } from "bun:test"
import { join } from "node:path"
import { Glob } from "bun"

/** The floors of the house, top to bottom. Imports may only walk downstairs. */
const floors = [
  ["main.ts"],
  ["cli"],
  ["web", "worker", "cron", "supervisor"],
  ["ingest", "pipeline", "alerts", "maintenance"],
  ["mail", "webhooks"],
  ["issues", "feedback"],
  ["events", "attachments"],
  ["symbolication"],
  ["releases"],
  ["projects"],
  ["accounts", "stats"],
  ["normalize", "grouping"],
  ["protocol"],
  ["app.ts"],
  ["config.ts", "jobs.ts", "messages.ts", "migrations.ts", "redis-keys.ts", "urls.ts"],
  ["options"],
  ["assets.d.ts", "platform"],
]

/** Files outside src that are embedded as they are. */
const EMBEDDED = ["sql", "operator", "dockerfile", "package.json"]

const src = join(import.meta.dir, "../src")
const sql = join(import.meta.dir, "../sql")
const floorOf = (folder: string) => floors.findIndex((floor) => floor.includes(folder))

async function sourceFiles() {
  const paths = await Array.fromAsync(new Glob("**/*.{ts,tsx}").scan(src))
  return Promise.all(
    paths.sort().map(async (path) => ({ path, text: await Bun.file(join(src, path)).text() })),
  )
}

test("every room stands on a floor", async () => {
  const homeless = (await sourceFiles())
    .map(({ path }) => path.split("/")[0] ?? "")
    .filter((room) => floorOf(room) === -1)
  expect([...new Set(homeless)]).toEqual([])
})

test("imports only walk downstairs", async () => {
  const climbing = (await sourceFiles()).flatMap(({ path, text }) => {
    const [from = ""] = path.split("/")
    return [...text.matchAll(/from "#([a-z.-]+)/g)]
      .map(([, to = ""]) => to)
      .filter((to) => !EMBEDDED.includes(to) && floorOf(to) <= floorOf(from))
      .map((to) => `${path} imports #${to}`)
  })
  expect(climbing).toEqual([])
})

test("no relative path leaves its folder", async () => {
  const escaping = (await sourceFiles()).flatMap(({ path, text }) => {
    const depth = path.split("/").length - 2
    return [...text.matchAll(/from "((?:\.\.\/)+)/g)]
      .filter(([, ups = ""]) => ups.length / 3 > depth)
      .map(([match]) => `${path}: ${match}`)
  })
  expect(escaping).toEqual([])
})

test("every query is awaited, returned or composed", async () => {
  const forgotten = (await sourceFiles()).flatMap(({ path, text }) =>
    [...text.matchAll(/[;{}]\s*\n\s*(?:sql|db|tx)`/g)].map(([match]) => `${path}: ${match.trim()}`),
  )
  expect(forgotten).toEqual([])
})

test("SQL lives in store files", async () => {
  const scattered = (await sourceFiles())
    .filter(({ path }) => !path.startsWith("platform/") && !/(^|[/-])store\.ts$/.test(path))
    .filter(({ text }) => /\b(?:sql|db|tx)(?:<[^`;]*>)?`/.test(text))
    .map(({ path }) => path)
  expect(scattered).toEqual([])
})

type Owned = { table: string; owner: string }

/** Every table with the `-- owner:` line above it; a table whose line differs from its file's has one of its own. */
async function ownedTables(): Promise<Owned[]> {
  const paths = await Array.fromAsync(new Glob("*.sql").scan(sql))
  const texts = await Promise.all(paths.sort().map((path) => Bun.file(join(sql, path)).text()))
  let owner = ""
  return texts
    .join("\n")
    .split("\n")
    .flatMap((line) => {
      owner = /^-- owner: src\/(\S+)/.exec(line)?.[1] ?? owner
      const table = /^create (?:unlogged )?table (?:if not exists )?(\w+)/.exec(line)?.[1]
      return table ? [{ table, owner }] : []
    })
}

test("a table is written by the one room that its file names", async () => {
  const owners = new Map((await ownedTables()).map(({ table, owner }) => [table, owner]))
  expect(owners.size).toBeGreaterThan(30)
  const trespassing = (await sourceFiles()).flatMap(({ path, text }) =>
    [
      ...text.matchAll(/\b(?:insert into|update|delete from|truncate|merge into)\s+(\w+)/g),
      ...listedIn(text),
    ]
      .map(([, table = ""]) => ({ table, owner: owners.get(table) }))
      .filter(({ owner }) => owner !== undefined && !path.startsWith(`${owner}/`))
      .map(({ table, owner }) => `${path} writes ${table}, which is src/${owner}'s`),
  )
  expect(trespassing).toEqual([])
})

/** Tables that stand in a list, when the file writes to one of a list. */
function listedIn(text: string) {
  const isDynamic = /\b(?:insert into|update|delete from|truncate)\s+\$\{/.test(text)
  return isDynamic ? text.matchAll(/"([a-z_]+)"/g) : []
}
