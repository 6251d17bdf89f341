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
  ["issues"],
  ["events"],
  ["symbolication"],
  ["releases"],
  ["projects"],
  ["accounts", "stats"],
  ["normalize", "grouping"],
  ["protocol"],
  ["app.ts"],
  ["config.ts", "jobs.ts", "messages.ts", "migrations.ts", "redis-keys.ts", "urls.ts"],
  ["assets.d.ts", "platform"],
]

/** Files outside src that are embedded as they are. */
const EMBEDDED = ["sql", "operator", "dockerfile", "package.json"]

const src = join(import.meta.dir, "../src")
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
