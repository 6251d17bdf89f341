import { expect, test } from "bun:test"
import fc from "fast-check"
import { boundaryOf, innerBoundary, readMultipart } from "#protocol/multipart.ts"
import { effortOf } from "../support/effort.ts"
import { multipart } from "../support/minidump.ts"

const read = (body: Uint8Array | string, boundary = "b") =>
  readMultipart(Buffer.from(body as string), boundary, 10)?.map((part) => ({
    ...part,
    content: Buffer.from(part.content).toString("latin1"),
  }))

test("fields and files, empty ones too, come out to the byte", () => {
  const parts = [
    { name: "guid", content: "" },
    {
      name: "dump",
      filename: "a.dmp",
      type: "application/x-dmp",
      content: "\r\n--\0\xff\r\n--c\r\n",
    },
    { name: "empty", filename: "", content: "" },
  ]
  const body = multipart(
    parts.map((part) => ({ ...part, content: Buffer.from(part.content, "latin1") })),
    "b",
  )
  expect(read(body)).toMatchObject([
    { name: "guid", filename: null, content: "" },
    {
      name: "dump",
      filename: "a.dmp",
      contentType: expect.stringContaining("x-dmp"),
      content: parts[1]!.content,
    },
    { name: "empty", filename: "", content: "" },
  ])
})

test("names in and without quotes, escaped ones, headers in any order and case, words in front", () => {
  const body = [
    "before\r\n--b\r\nCONTENT-TYPE: text/plain\r\ncontent-disposition: form-data;name=plain\r\n\r\n1\r\n",
    '--b\r\nContent-Disposition: form-data; filename="a \\"b\\"; c.txt"; name="q"\r\n\r\n2\r\n--b--',
  ].join("")
  expect(read(body)).toMatchObject([
    { name: "plain", content: "1" },
    { name: "q", filename: 'a "b"; c.txt', content: "2" },
  ])
})

test("what is cut short, has no end, no header or too many parts is none", () => {
  const part = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
  expect(read(`${part}--b--`)).toHaveLength(1)
  for (const broken of [
    "",
    "x",
    part,
    `${part}--b`,
    "--b\r\n",
    `--b\r\nA: b\r\n--b--`,
    `${part.repeat(11)}--b--`,
  ]) {
    expect([broken, read(broken) ?? null]).toEqual([broken, null])
  }
  expect(read("--b--")).toEqual([])
})

test("boundaries as clients write them", () => {
  expect(boundaryOf("multipart/form-data; boundary=abc")).toBe("abc")
  expect(boundaryOf('Multipart/Form-Data; charset=utf-8; Boundary="a b"')).toBe("a b")
  for (const none of [
    null,
    "",
    "text/plain; boundary=x",
    "multipart/form-data",
    `multipart/x; boundary=${"b".repeat(201)}`,
  ]) {
    expect(boundaryOf(none)).toBeNull()
  }
  expect(innerBoundary(Buffer.from("--in\r\nA: b"))).toBe("in")
  expect(innerBoundary(Buffer.from("MDMP--in\r\n"))).toBeNull()
})

test("20 MB made to look like a boundary end quickly", () => {
  const boundary = "a".repeat(70)
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="x"\r\n\r\n`
  const almost = `\r\n--${"a".repeat(69)}b`
  for (const filling of ["a".repeat(20_000_000), almost.repeat(270_000)]) {
    const body = Buffer.from(`${head}${filling}\r\n--${boundary}--`)
    expect(effortOf(() => readMultipart(body, boundary, 10))).toBeLessThan(500)
  }
})

test("no bytes whatever make it throw", () => {
  const pieces = fc.constantFrom(
    "--b",
    "--b--",
    "\r\n",
    "\r\n\r\n",
    "Content-Disposition: form-data;",
    ' name="',
    '"',
    "\0",
    "ü",
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (words) => {
      const parts = read(words.join(""))
      expect(parts === undefined || Array.isArray(parts)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
