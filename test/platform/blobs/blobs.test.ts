import { afterAll, describe, expect, test } from "bun:test"
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { BlobStoreFull } from "#platform/blobs/blobs.ts"
import { createFolderBlobs } from "#platform/blobs/folder-blobs.ts"
import { createS3Blobs } from "#platform/blobs/s3-blobs.ts"
import { temporaryFolder } from "../../support/spool.ts"

/** As much of S3 as is needed: objects by path; signatures are not checked, only demanded. */
const objects = new Map<string, Uint8Array<ArrayBuffer>>()
const missing = () =>
  new Response("<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>", {
    status: 404,
    headers: { "content-type": "application/xml" },
  })
/** Two keys a page, so that one who forgets to turn it is found out. */
const PAGE = 2

function listing(bucket: string, query: URLSearchParams): Response {
  const prefix = query.get("prefix") ?? ""
  const after = query.get("continuation-token") ?? ""
  const start = `${bucket.replace(/\/$/, "")}/`
  const keys = [...objects.keys()].map((path) => path.slice(start.length)).sort()
  const under = keys.filter((key) => key.startsWith(prefix))
  const entries = query.has("delimiter")
    ? [...new Set(under.map((key) => key.slice(0, key.indexOf("/", prefix.length) + 1)))]
    : under
  const rest = entries.filter((key) => key > after)
  const page = rest.slice(0, PAGE)
  const tags = query.has("delimiter")
    ? page.map((key) => `<CommonPrefixes><Prefix>${key}</Prefix></CommonPrefixes>`)
    : page.map((key) => `<Contents><Key>${key}</Key></Contents>`)
  const more = rest.length > page.length
  const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ""
  return new Response(
    `<ListBucketResult><IsTruncated>${more}</IsTruncated>${next}${tags.join("")}</ListBucketResult>`,
    { headers: { "content-type": "application/xml" } },
  )
}

function partOf(found: Uint8Array<ArrayBuffer>, from: number, to: number): Response {
  const part = found.slice(from, to + 1)
  const range = `bytes ${from}-${from + part.length - 1}/${found.length}`
  return new Response(part, { status: 206, headers: { "content-range": range, etag: '"1"' } })
}

const s3 = Bun.serve({
  port: 0,
  fetch: async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    if (!request.headers.get("authorization")) return new Response(null, { status: 403 })
    const found = objects.get(pathname)
    if (searchParams.get("list-type") === "2") return listing(pathname, searchParams)
    if (request.method === "PUT") {
      objects.set(pathname, new Uint8Array(await request.arrayBuffer()))
      return new Response(null, { headers: { etag: '"1"' } })
    }
    if (request.method === "DELETE") {
      objects.delete(pathname)
      return new Response(null, { status: 204 })
    }
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get("range") ?? "") ?? []
    if (found && from) return partOf(found, Number(from), Number(to))
    if (!found) return request.method === "HEAD" ? new Response(null, { status: 404 }) : missing()
    return new Response(request.method === "HEAD" ? null : found, {
      headers: { "content-length": String(found.length), etag: '"1"' },
    })
  },
})
afterAll(() => s3.stop(true))

const folder = temporaryFolder()
const s3Blobs = (prefix: string) =>
  createS3Blobs({
    endpoint: `http://127.0.0.1:${s3.port}`,
    region: "us-east-1",
    bucket: "blobs",
    prefix,
    accessKeyId: "a",
    secretAccessKey: "b",
  })

describe.each([
  ["a folder", () => createFolderBlobs(folder)],
  ["S3", () => s3Blobs("lite/")],
] as const)("%s", (_, open) => {
  const blobs = open()

  test("gives back what was put, byte for byte, until it is deleted", async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(100_000).subarray(0, 60_000))
    await blobs.put("attachments/7/a.bin", bytes)
    expect(Buffer.from((await blobs.get("attachments/7/a.bin")) ?? [])).toEqual(Buffer.from(bytes))
    expect(await blobs.exists("attachments/7/a.bin")).toBe(true)
    await blobs.delete("attachments/7/a.bin")
    expect(await blobs.get("attachments/7/a.bin")).toBeNull()
    expect(await blobs.exists("attachments/7/a.bin")).toBe(false)
    await blobs.delete("attachments/7/a.bin")
  })

  test("hands a blob out piece by piece", async () => {
    const bytes = crypto.getRandomValues(new Uint8Array(60_000))
    await blobs.put("attachments/8/b.bin", bytes)
    const stream = await blobs.stream("attachments/8/b.bin")
    expect(Buffer.from(await new Response(stream).arrayBuffer())).toEqual(Buffer.from(bytes))
    expect(await blobs.stream("attachments/8/none")).toBeNull()
  })

  test("hands a part of a blob out", async () => {
    await blobs.put("attachments/9/c.bin", Buffer.from("0123456789"))
    const text = async (start: number, end: number) =>
      Buffer.from((await blobs.slice("attachments/9/c.bin", start, end)) ?? []).toString()
    expect(await text(2, 5)).toBe("234")
    expect(await text(8, 20)).toBe("89")
    expect(await blobs.slice("attachments/9/none", 0, 1)).toBeNull()
  })

  test("removes a folder whole, and knows the others beside it", async () => {
    for (const key of ["1/a", "1/b", "1/c", "1/d", "10/a", "2/a"]) {
      await blobs.put(`days/${key}`, new Uint8Array([1]))
    }
    expect(await blobs.folders("days")).toEqual(["1", "10", "2"])
    await blobs.deleteFolder("days/1")
    expect(await blobs.folders("days")).toEqual(["10", "2"])
    expect(await blobs.exists("days/1/d")).toBe(false)
    expect(await blobs.folders("nothing-here")).toEqual([])
    await blobs.deleteFolder("nothing-here")
  })

  test("replaces a blob, and keeps an empty one", async () => {
    await blobs.put("k", new Uint8Array([1]))
    await blobs.put("k", new Uint8Array())
    expect(Buffer.from((await blobs.get("k")) ?? [9]).length).toBe(0)
  })

  test.each([
    "../out",
    "/etc/passwd",
    "a/../b",
    "a//b",
    ".hidden",
    "a/.b",
    "",
    "a\0b",
    "ä",
    "x".repeat(600),
  ])("does not take %j for a key", async (key) => {
    expect(async () => blobs.put(key, new Uint8Array())).toThrow("not a blob key")
  })

  test("keeps the first mark, so that hosts can tell whether they share it", async () => {
    expect(await blobs.mark("one")).toBe("one")
    expect(await open().mark("two")).toBe("one")
  })
})

test("files are for their owner only, and no draft stays behind", async () => {
  const directory = temporaryFolder()
  await createFolderBlobs(directory).put("a/b", new Uint8Array([1]))
  expect(statSync(join(directory, "a", "b")).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(directory, "a"))).toEqual(["b"])
})

test("a folder whose disk is nearly full takes nothing more", async () => {
  const directory = temporaryFolder()
  const blobs = createFolderBlobs(directory, Number.MAX_SAFE_INTEGER)
  expect(async () => blobs.put("a", new Uint8Array([1]))).toThrow(BlobStoreFull)
  expect(readdirSync(directory)).toEqual([])
})

test("hosts that mark a shared folder at the same moment agree on one mark", async () => {
  const directory = temporaryFolder()
  const marks = await Promise.all(
    Array.from({ length: 10 }, (_, i) => createFolderBlobs(directory).mark(`host-${i}`)),
  )
  expect(new Set(marks).size).toBe(1)
})
