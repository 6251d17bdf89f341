import { writeSync } from "node:fs"
import { connect } from "#platform/db.ts"
import { createLog } from "#platform/log.ts"
import { createSpoolQueue } from "#platform/queue/spool-queue.ts"

/** Takes batches, finishes those in front of the poison, and hangs on to the one that holds it. */
const [directory = "", databaseUrl = ""] = process.argv.slice(2)
const log = createLog({ level: "fatal", format: "machine", role: "test" })
const sql = connect(databaseUrl, { max: 1 })
const queue = createSpoolQueue({ directory, sql, log })
const signal = new AbortController().signal
for (;;) {
  const batch = await queue.take({ max: 100, maxBytes: 1e6, waitMs: 1000, signal })
  if (!batch) continue
  const texts = batch.records.map(({ body }) => new TextDecoder().decode(body))
  const deliveries = batch.records[0]?.deliveries ?? 0
  writeSync(1, `${JSON.stringify({ records: texts.length, deliveries, first: texts[0] })}\n`)
  if (texts.includes("poison")) process.kill(process.pid, "SIGKILL")
  await sql.begin((tx) => batch.commit(tx))
  await batch.acknowledge()
}
