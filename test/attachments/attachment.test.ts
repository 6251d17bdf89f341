import { expect, test } from "bun:test"
import { blobKeyOf, labelOf } from "#attachments/attachment.ts"
import { previewOf } from "#attachments/preview.ts"
import { checkedKey } from "#platform/blobs/blobs.ts"

test("a label is regular whatever the header says", () => {
  expect(labelOf({})).toEqual({
    name: "unnamed",
    type: "event.attachment",
    contentType: "application/octet-stream",
  })
  expect(labelOf({ filename: 7, attachment_type: "__proto__", content_type: ["x"] })).toEqual(
    labelOf({}),
  )
  const label = labelOf({
    filename: `a\0b\ud800${"x".repeat(5000)}`,
    attachment_type: "event.minidump",
    content_type: "Text/HTML; charset=utf-8",
  })
  expect(label).toMatchObject({ type: "event.minidump", contentType: "text/html" })
  expect(label.name).toStartWith("ab\ufffdx")
  expect(label.name.length).toBeLessThanOrEqual(255)
})

test("a content type that is none is nothing in particular", () => {
  for (const type of ["text", "text/", "a b/c", "text/html\r\nX: 1", "x".repeat(500), "/"]) {
    expect([type, labelOf({ content_type: type }).contentType]).toEqual([
      type,
      "application/octet-stream",
    ])
  }
})

test("a blob is named by its message alone, below its day", () => {
  const message = { id: crypto.randomUUID(), receivedAt: Date.parse("2026-11-24T23:59:59Z") }
  const key = blobKeyOf(message, 3)
  expect(key).toBe(`attachments/2026-11-24/${message.id}-3`)
  expect(checkedKey(key)).toBe(key)
})

const bytes = (hex: string) => Buffer.from(hex, "hex")

test("pictures are known by their first bytes", () => {
  expect(previewOf(bytes("89504e470d0a1a0a00"))).toBe("image/png")
  expect(previewOf(bytes("ffd8ffe000"))).toBe("image/jpeg")
  expect(previewOf(Buffer.from("GIF89a"))).toBe("image/gif")
  expect(previewOf(Buffer.from("RIFF\0\0\0\0WEBPVP8 "))).toBe("image/webp")
})

test("what is text shows as text, however it is meant; all else is only downloaded", () => {
  expect(previewOf(Buffer.from("<svg onload=alert(1)>"))).toBe("text/plain")
  expect(previewOf(Buffer.from("übersicht"))).toBe("text/plain")
  for (const hex of ["", "00", "4d444d50 00", "ff", "c3"]) {
    expect([hex, previewOf(bytes(hex.replaceAll(" ", "")))]).toEqual([hex, null])
  }
})

test("what is too large for a page is only downloaded", () => {
  expect(previewOf(Buffer.alloc(64 * 1024 + 1, "a"))).toBeNull()
  const picture = Buffer.alloc(10 * 1024 * 1024 + 1)
  bytes("89504e470d0a1a0a").copy(picture)
  expect(previewOf(picture)).toBeNull()
})
