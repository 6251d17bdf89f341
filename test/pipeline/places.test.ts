import { expect, test } from "bun:test"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { decodePayload } from "#events/payload-codec.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { openGeography } from "#platform/geography.ts"
import { testDatabase } from "../support/database.ts"
import { batchOf, messageOf, recordOf, testLine } from "../support/line.ts"
import { mmdbOf } from "../support/mmdb.ts"
import { givenDays, givenProject } from "../support/occurrences.ts"
import { temporaryFolder } from "../support/services.ts"

const { sql, url } = await testDatabase()
const line = await testLine(sql, url)
const path = join(temporaryFolder("geography"), "city.mmdb")
writeFileSync(path, mmdbOf({ "192.0.2.0/24": { country: { iso_code: "NO" } } }))

async function stored(given: typeof line): Promise<unknown> {
  await givenDays(sql)
  const project = await givenProject(sql)
  const message = messageOf(project, { message: "m", user: { ip_address: "{{auto}}" } })
  await processBatch(given, batchOf([recordOf(message)]), new AbortController().signal)
  const [row] = await sql<{ payload: Uint8Array }[]>`
    select payload from events where project_id = ${project.projectId}`
  return row && decodePayload(row.payload)
}

test("an event is stored with the place of its user's address", async () => {
  const locate = openGeography(path, line.log)
  expect(await stored({ ...line, locate })).toMatchObject({
    user: { ip_address: "192.0.2.1", geo: { country_code: "NO" } },
  })
})

test("without a database of addresses it is stored without", async () => {
  expect(line.locate).toBeNull()
  expect(await stored(line)).toMatchObject({ user: { ip_address: "192.0.2.1" } })
  expect(JSON.stringify(await stored(line))).not.toContain("geo")
})
