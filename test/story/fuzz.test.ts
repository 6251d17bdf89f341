import { afterAll, expect, test } from "bun:test"
import { connect } from "#platform/db.ts"
import { embeddedUrl } from "#platform/postgres/server.ts"
import { foundAcme } from "../support/acme.ts"
import { startChromium } from "../support/chromium.ts"
import { startAppliance } from "../support/executable.ts"
import { ENDPOINTS } from "../support/fuzz/cases.ts"
import { ENVIRONMENT, fuzz } from "../support/fuzz/fuzz.ts"
import { signIn } from "../support/watched-page.ts"

const CASES = 20_000
const SEED = 20_261_124
const MAY_GROW_BY = 100 * 1024 * 1024

test("20,000 mutated requests: clear answers, no dead letter, a worker that moves, flat memory", async () => {
  const browser = await startChromium()
  const appliance = await startAppliance({ env: ENVIRONMENT })
  const acme = await foundAcme(appliance)
  const sql = connect(await embeddedUrl(appliance.dataDir), { max: 1 })
  afterAll(() => sql.end())
  const watched = await signIn(browser, appliance.url)
  const result = await fuzz(
    { acme, sql, watched, pids: appliance.pids, logs: appliance.logs },
    { cases: CASES, seed: SEED },
  )
  expect(result.cases).toBe(CASES)
  // Most get past the door: it is what lies behind that the mutations are for.
  expect(result.statuses[200]).toBeGreaterThan(CASES / 2)
  const rarely = ENDPOINTS.filter((endpoint) => (result.accepted[endpoint] ?? 0) < 20)
  expect(rarely).toEqual([])
  expect(result.stored).toBeGreaterThan(CASES / 4)
  expect(result.memory.late - result.memory.early).toBeLessThan(MAY_GROW_BY)
}, 300_000)
