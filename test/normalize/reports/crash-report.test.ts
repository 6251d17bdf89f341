import { expect, test } from "bun:test"
import { crashEvent } from "#normalize/reports/crash-report.ts"

const DUMP = { type: "event.minidump" }
/** MessagePack of flat maps with short texts and small numbers. */
const packed = (...maps: Record<string, string | number>[]) =>
  Buffer.concat(
    maps.map((map) => {
      const entries = Object.entries(map)
      const parts = entries.flatMap(([key, value]) => [
        text(key),
        typeof value === "number" ? Buffer.from([value]) : text(value),
      ])
      return Buffer.concat([Buffer.from([0x80 + entries.length]), ...parts])
    }),
  )
const text = (value: string) =>
  Buffer.concat([Buffer.from([0xa0 + value.length]), Buffer.from(value)])
const exceptions = (event: Record<string, unknown> | null) =>
  (event?.exception as { values: unknown[] } | undefined)?.values

test("a dump alone is a fatal native event with an exception that stands for the crash", () => {
  expect(crashEvent(null, [DUMP])).toEqual({
    level: "fatal",
    platform: "native",
    exception: {
      values: [
        {
          type: "Minidump",
          value: "Invalid Minidump",
          mechanism: { type: "minidump", handled: false },
        },
      ],
    },
  })
  expect(exceptions(crashEvent(null, [{ type: "event.applecrashreport" }]))).toMatchObject([
    { type: "AppleCrashReport" },
  ])
})

test("the event beside a dump keeps what it says, its exception first of all", () => {
  expect(crashEvent({ level: "error", release: "1" }, [DUMP])).toMatchObject({
    level: "error",
    release: "1",
    exception: { values: [{ type: "Minidump" }] },
  })
  const told = { exception: { values: [{ type: "SIGSEGV" }] } }
  expect(crashEvent(told, [DUMP])).toEqual(told)
})

test("files that are of no crash change nothing", () => {
  expect(crashEvent(null, [{ type: "event.attachment", bytes: Buffer.from("a") }])).toBeNull()
  const event = { message: "x" }
  expect(crashEvent(event, [{ type: "event.attachment" }])).toEqual(event)
})

test("what a dying process wrote down becomes the event; the event beside it comes first", () => {
  const payload = { type: "event.payload", bytes: packed({ release: "shop@1", platform: "c" }) }
  expect(crashEvent(null, [payload])).toEqual({ release: "shop@1", platform: "c" })
  expect(crashEvent({ release: "shop@2" }, [payload, DUMP])).toMatchObject({
    release: "shop@2",
    platform: "c",
    exception: { values: [{ type: "Minidump" }] },
  })
  expect(crashEvent(null, [{ type: "event.payload", bytes: Buffer.from([0xc1]) }])).toBeNull()
})

test("breadcrumbs of two files are put in order and cut to the longer one", () => {
  const crumbs = (...times: number[]) => ({
    type: "event.breadcrumbs",
    bytes: packed(...times.map((timestamp) => ({ timestamp }))),
  })
  const event = crashEvent({ message: "x" }, [crumbs(4, 5), crumbs(1, 2, 3)])
  expect(event?.breadcrumbs).toEqual({
    values: [{ timestamp: 3 }, { timestamp: 4 }, { timestamp: 5 }],
  })
})
