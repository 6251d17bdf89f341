import { expect, test } from "bun:test"
import zlib from "node:zlib"
import { createHeavyLane } from "#ingest/heavy-lane.ts"
import { testDatabase } from "../support/database.ts"
import { AUTH, givenDoor, givenProjects } from "../support/door.ts"

const MIB = 1024 * 1024
const { sql } = await testDatabase()
await givenProjects(sql)

const envelope = Buffer.concat([
  Buffer.from(
    `{}\n{"type":"event"}\n{"message":"x"}\n{"type":"attachment","length":${30 * MIB}}\n`,
  ),
  Buffer.alloc(30 * MIB, "x"),
])

test("an event beside a large attachment is kept, in every encoding", async () => {
  const door = await givenDoor(sql)
  const bodies = [
    ["gzip", zlib.gzipSync(envelope)],
    ["deflate", zlib.deflateSync(envelope)],
    ["zstd", zlib.zstdCompressSync(envelope)],
    ["gzip, gzip", zlib.gzipSync(zlib.gzipSync(envelope))],
  ] as const
  for (const [encoding, body] of bodies) {
    const headers = { ...AUTH, "Content-Encoding": encoding }
    expect(await door.send("/api/1/envelope/", { headers, body })).toMatchObject({ status: 200 })
    expect(door.messages.at(-1)!.body.length).toBeLessThan(1000)
    expect(door.messages.at(-1)).toMatchObject({ dropped: [], parked: [{ preview: null }] })
  }
})

test("faults are the same as on the short way", async () => {
  const lane = createHeavyLane()
  const body = zlib.gzipSync(envelope)
  expect(await lane.decode(body, ["gzip"], 20 * MIB)).toEqual({ fault: "too_large" })
  expect(await lane.decode(body.subarray(0, -100), ["gzip"], 50 * MIB)).toEqual({ fault: "broken" })
  expect(await lane.decode(body, ["gzip"], 50 * MIB)).toHaveProperty(
    "bytes.length",
    envelope.length,
  )
})

test("a crowd of bombs is turned away, and memory stays bounded", async () => {
  const door = await givenDoor(sql)
  const body = zlib.gzipSync(Buffer.alloc(99 * MIB))
  const headers = { ...AUTH, "Content-Encoding": "gzip" }
  const before = process.memoryUsage().rss
  const answers = await Promise.all(
    Array.from({ length: 24 }, () => door.send("/api/1/envelope/", { headers, body })),
  )
  const statuses = answers.map((answer) => answer.status)
  expect(new Set(statuses)).toEqual(new Set([400, 429]))
  expect(statuses.filter((status) => status === 429)).toHaveLength(8)
  expect(process.memoryUsage().rss - before).toBeLessThan(600 * MIB)
}, 20_000)
