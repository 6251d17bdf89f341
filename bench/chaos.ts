import { parseArgs } from "node:util"
import { chaoticAppliance } from "../test/support/chaos/appliance.ts"
import { runChaos } from "../test/support/chaos/chaos.ts"
import { chaoticFleet } from "../test/support/chaos/fleet.ts"

const USAGE = `bun bench/chaos.ts [--shape appliance|fleet] [--seconds N] [--seed S] [--rate PER_SECOND] [--logs FILE]

Kills, freezes and flushes under load, in an order that the seed decides; then compares what was acknowledged with what
is stored. One line per fault, one line of JSON at the end; exit 1 when an equation does not hold.
--logs writes what the processes said.`

const { values } = parseArgs({
  options: {
    shape: { type: "string", default: "appliance" },
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: `${Date.now() % 1_000_000}` },
    rate: { type: "string", default: "300" },
    logs: { type: "string" },
    help: { type: "boolean" },
  },
})
const launch = { appliance: chaoticAppliance, fleet: chaoticFleet }[values.shape]
if (!launch || values.help) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 64)
}

const installation = await launch()
process.once("SIGINT", () => void installation.end().finally(() => process.exit(130)))
let isSound = false
try {
  const [seconds, seed, perSecond] = [values.seconds, values.seed, values.rate].map(Number)
  const result = await runChaos(installation, {
    seconds: seconds ?? 60,
    seed: seed ?? 0,
    perSecond: perSecond ?? 300,
    onFault: ({ name, atMs, tookMs, acknowledged }) =>
      console.log(
        `${(atMs / 1000).toFixed(1).padStart(7)} s  ${name} (${Math.round(tookMs)} ms, ${acknowledged} acknowledged)`,
      ),
  })
  isSound = result.violations.length === 0
  const faults = result.faults.length
  console.log(JSON.stringify({ shape: values.shape, seed, seconds, ...result, faults }))
  if (values.logs) await Bun.write(values.logs, installation.logs())
} finally {
  await installation.end()
}
process.exit(isSound ? 0 : 1)
