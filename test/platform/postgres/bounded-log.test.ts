import { expect, test } from "bun:test"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { appendBounded } from "#platform/postgres/bounded-log.ts"
import { temporaryFolder } from "../../support/services.ts"

function streamOf(...chunks: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
      controller.close()
    },
  })
}

test("what would pass the limit begins a new file, and one old file is kept", async () => {
  const path = join(temporaryFolder("log"), "postgres.log")
  await appendBounded(streamOf("first\n", "second\n", "third\n"), path, 8)
  expect(await readFile(path, "utf8")).toBe("third\n")
  expect(await readFile(`${path}.1`, "utf8")).toBe("second\n")
})

test("an earlier run's lines count towards the limit", async () => {
  const path = join(temporaryFolder("log"), "postgres.log")
  await appendBounded(streamOf("first\n"), path, 13)
  await appendBounded(streamOf("second\n"), path, 13)
  expect(await readFile(path, "utf8")).toBe("first\nsecond\n")
  await appendBounded(streamOf("third\n"), path, 13)
  expect(await readFile(path, "utf8")).toBe("third\n")
})
