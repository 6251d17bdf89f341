import { parseArgs } from "node:util"
import { connect } from "#platform/db.ts"
import { embeddedUrl } from "#platform/postgres/server.ts"
import { foundAcme } from "../test/support/acme.ts"
import { launchChromium } from "../test/support/chromium.ts"
import { launchAppliance } from "../test/support/executable.ts"
import { ENVIRONMENT, fuzz } from "../test/support/fuzz/fuzz.ts"
import { signIn } from "../test/support/watched-page.ts"

const HELP = `Usage: bun run fuzz [--cases N] [--seed N]

Posts mutated requests of real clients to an appliance of its own, and fails at the first answer
that is a 5xx or does not come, dead letter, stuck worker, or page with an error; it then looks for
the smallest case that does the same. The same seed makes the same cases.

  --cases N  how many (200000)
  --seed N   where to begin (the time)`

const { values } = parseArgs({
  options: { cases: { type: "string" }, seed: { type: "string" }, help: { type: "boolean" } },
})
if (values.help) {
  console.log(HELP)
  process.exit(0)
}
const total = Number(values.cases ?? 200_000)
const seed = Number(values.seed ?? Math.floor(Date.now() / 1000))
if (!Number.isInteger(total) || !Number.isInteger(seed)) {
  console.error(HELP)
  process.exit(2)
}

console.log(`seed ${seed}, ${total} cases`)
const appliance = await launchAppliance({ env: ENVIRONMENT })
const browser = await launchChromium()
const sql = connect(await embeddedUrl(appliance.dataDir), { max: 1 })
try {
  const acme = await foundAcme(appliance)
  const watched = await signIn(browser, appliance.url)
  const place = { acme, sql, watched, pids: appliance.pids, logs: appliance.logs }
  const startedAt = performance.now()
  const onRound = (done: number) => {
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    if (done % 10_000 === 0) console.log(`${done} cases in ${seconds} s`)
  }
  console.log(await fuzz(place, { cases: total, seed, onRound }))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await sql.end()
  await browser.close()
  await appliance.kill()
}
