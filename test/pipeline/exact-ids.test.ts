import { expect, test } from "bun:test"
import { decodePayload } from "#events/payload-codec.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { testDatabase } from "../support/database.ts"
import { batchOf, messageOf, recordOf, testLine } from "../support/line.ts"
import { givenDays, givenProject } from "../support/occurrences.ts"

const { sql, url } = await testDatabase()
const line = await testLine(sql, url)

test("a user whose id is a number of 64 bits is that user", async () => {
  await givenDays(sql)
  const project = await givenProject(sql)
  const json =
    '{"message":"m","user":{"id":1234567890123456789},"extra":{"other":9007199254740993}}'
  const message = messageOf(project, {}, { body: Buffer.from(json) })
  await processBatch(line, batchOf([recordOf(message)]), new AbortController().signal)
  const [row] = await sql<{ payload: Uint8Array }[]>`
    select payload from events where project_id = ${project.projectId}`
  expect(row && decodePayload(row.payload)).toMatchObject({
    user: { id: "1234567890123456789" },
    extra: { other: "9007199254740993" },
  })
})
