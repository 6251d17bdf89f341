import { describe, expect, test } from "bun:test"
import { readBundle } from "#symbolication/artifacts/read-bundle.ts"
import { unpackNow } from "#symbolication/artifacts/unpack.ts"
import { type ByteSource, InvalidBundle } from "#symbolication/artifacts/zip-index.ts"
import { bundleOf, type ZipEntry, zipOf } from "../../support/zip.ts"

const limits = { maxFiles: 100, maxFileBytes: 300 * 1024 * 1024, maxUnpackedBytes: 1024 ** 3 }
const id = "0f0e0d0c-0b0a-4908-8706-050403020100"
const { signal } = new AbortController()

const sourceOf = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  read: async (start, end) => bytes.subarray(start, end),
})
const read = (bytes: Buffer) => readBundle(sourceOf(bytes), limits, signal)

const script = { type: "minified_source", url: "~/static/a.js", body: "go()" }
const map = { type: "source_map", url: "~/static/a.js.map", body: "{}" }

test("what the manifest says of each file, whatever the case of its headers", async () => {
  const bundle = bundleOf(
    {
      "files/_/_/static/a.js": {
        ...script,
        headers: { "Debug-Id": id.toUpperCase(), Sourcemap: "a.js.map" },
      },
      "files/_/_/static/a.js.map": { ...map, headers: { "debug-id": id } },
    },
    { debug_id: "the content" },
  )
  const { debugId, files } = await read(bundle)
  expect(debugId).toBe("the content")
  expect(files).toMatchObject([
    { type: "minified_source", url: "~/static/a.js", debugId: id, mapUrls: ["~/static/a.js.map"] },
    { type: "source_map", url: "~/static/a.js.map", debugId: id, mapUrls: null },
  ])
})

test("where a file lies counts from the first byte, the eight in front included", async () => {
  const bundle = bundleOf({ "a.js": script })
  const [file] = (await read(bundle)).files
  expect(unpackNow(bundle.subarray(file!.at, file!.at + file!.packedBytes), file!).toString()).toBe(
    "go()",
  )
})

test("a plain zip is taken, stored or deflated, with the manifest first or last", async () => {
  const manifest = {
    name: "manifest.json",
    body: JSON.stringify({ files: { "_/_/a.js": script } }),
  }
  const file = { name: "_/_/a.js", body: "go()", isStored: true }
  expect((await read(zipOf([manifest, file]))).files).toHaveLength(1)
  expect((await read(zipOf([file, { ...manifest, isStored: true }]))).files).toHaveLength(1)
})

test("without headers, the comments at the end of a file tell", async () => {
  const body = `go()\n//# sourceMappingURL=../maps/a.map\n//# debugId=${id}\n`
  const { files } = await read(bundleOf({ "a.js": { ...script, body } }))
  expect(files).toMatchObject([{ debugId: id, mapUrls: ["~/maps/a.map"] }])
  const embedded = "go()\n//# sourceMappingURL=data:application/json;base64,e30="
  const other = await read(bundleOf({ "a.js": { ...script, body: embedded } }))
  expect(other.files).toMatchObject([{ mapUrls: null, isMapEmbedded: true }])
})

test("the same files are the same content, packed again or not", async () => {
  const entries = [
    { name: "manifest.json", body: JSON.stringify({ files: { "a.js": script }, note: "x" }) },
    { name: "a.js", body: "go()" },
  ]
  const [one, two, other] = await Promise.all([
    read(zipOf(entries)),
    read(bundleOf({ "a.js": script })),
    read(bundleOf({ "a.js": { ...script, body: "gone()" } })),
  ])
  expect(one.contentHash).toBe(two.contentHash)
  expect(one.contentHash).not.toBe(other.contentHash)
})

test("what the manifest does not name is left out", async () => {
  const { files } = await read(
    zipOf([
      {
        name: "manifest.json",
        body: JSON.stringify({ files: { "a.js": script, "b.js": { type: "x" }, __proto__: 1 } }),
      },
      { name: "a.js", body: "go()" },
      { name: "b.js", body: "" },
      { name: "__proto__", body: "" },
    ]),
  )
  expect(files.map(({ path }) => path)).toEqual(["a.js"])
})

describe("refused", () => {
  const good: ZipEntry[] = [
    { name: "manifest.json", body: JSON.stringify({ files: { "a.js": script } }) },
    { name: "a.js", body: "go()" },
  ]
  const zeros = Buffer.alloc(120 * 1024 * 1024)
  const cases: Record<string, Buffer> = {
    "a name that climbs": zipOf([...good, { name: "../a.js", body: "" }]),
    "a name that climbs later": zipOf([...good, { name: "x/../../a.js", body: "" }]),
    "an absolute name": zipOf([...good, { name: "/etc/passwd", body: "" }]),
    "a name of a drive": zipOf([...good, { name: "C:/a.js", body: "" }]),
    "a backslash": zipOf([...good, { name: "..\\a.js", body: "" }]),
    "a NUL": zipOf([...good, { name: "a\0.js", body: "" }]),
    "a link": zipOf([...good, { name: "l", body: "/etc/passwd", isLink: true }]),
    "two of one name": zipOf([...good, { name: "a.js", body: "other" }]),
    "too many files": zipOf([
      ...good,
      ...Array.from({ length: 100 }, (_, n) => ({ name: `${n}`, body: "" })),
    ]),
    "a bomb": zipOf([...good, { name: "b", body: zeros }]),
    "less than it says": zipOf([...good, { name: "b", body: "abc", saysBytes: 4 }]),
    "more than it says": zipOf([...good, { name: "b", body: zeros, saysBytes: 4 }]),
    "files that overlap": zipOf([
      ...good,
      { name: "b", body: "x" },
      { name: "c", body: "x", isShared: true },
    ]),
    "an encrypted file": zipOf([...good, { name: "b", body: "x", isEncrypted: true }]),
    "another packing": zipOf([...good, { name: "b", body: "x", method: 12 }]),
    "half an archive": zipOf(good).subarray(0, 60),
    "the end alone": zipOf(good).subarray(-40),
    "no archive": Buffer.from("this is a text"),
    nothing: Buffer.alloc(0),
    "no manifest": zipOf([{ name: "a.js", body: "go()" }]),
    "a manifest that is none": zipOf([{ name: "manifest.json", body: "[]" }]),
    "a manifest too deep": zipOf([{ name: "manifest.json", body: "[".repeat(100_000) }]),
    "a manifest of nothing": zipOf([{ name: "manifest.json", body: '{"files":{}}' }]),
  }
  test.each(Object.entries(cases))("%s", async (_, bytes) => {
    await expect(read(bytes)).rejects.toBeInstanceOf(InvalidBundle)
  })

  test("every cut of a sound archive", async () => {
    const bytes = bundleOf({ "a.js": script })
    for (let end = 0; end < bytes.length; end++) {
      await expect(read(bytes.subarray(0, end))).rejects.toBeInstanceOf(InvalidBundle)
    }
  })

  test("changed bytes are refused or read, and nothing else happens", async () => {
    const bytes = bundleOf({ "a.js": script, "a.js.map": map })
    for (let n = 0; n < 1500; n++) {
      const changed = Buffer.from(bytes)
      for (let k = 0; k <= n % 3; k++)
        changed[(n * 7919 + k * 104_729) % bytes.length] = (n * 31 + k) & 255
      const error = await read(changed).then(
        () => null,
        (failure) => failure,
      )
      if (error) expect(error).toBeInstanceOf(InvalidBundle)
    }
  })
})
