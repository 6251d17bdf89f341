import { messageId } from "#platform/ids.ts"
import { encodeRecord } from "#platform/queue/record.ts"
import { openSpool } from "#platform/spool/writer.ts"

/** Appends for ever and prints the id of each record once it is acknowledged; started and killed by a test. */
const spool = await openSpool({
  directory: process.argv[2] ?? "",
  segmentBytes: 300_000,
  maxBytes: 2 ** 40,
  minFreeBytes: 0,
})
async function appendForEver() {
  for (;;) {
    const id = messageId()
    await spool.append(encodeRecord(id, new Uint8Array(Math.floor(Math.random() * 5000)).fill(7)))
    process.stdout.write(`${id}\n`)
  }
}
await Promise.all(Array.from({ length: 20 }, appendForEver))
