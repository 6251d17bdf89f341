import { afterAll, expect, test } from "bun:test"
import { chaoticAppliance } from "../support/chaos/appliance.ts"
import { runChaos } from "../support/chaos/chaos.ts"
import { chaoticFleet } from "../support/chaos/fleet.ts"

const shapes = [
  ["appliance", chaoticAppliance],
  ["fleet", chaoticFleet],
] as const

const SEED = 20_261_124

for (const [shape, launch] of shapes) {
  test(`nothing acknowledged is lost or counted twice, whatever is killed: ${shape}`, async () => {
    const installation = await launch()
    afterAll(installation.end)
    const result = await runChaos(installation, { seconds: 15, seed: SEED, perSecond: 300 })
    expect(result.violations).toEqual([])
    expect(result.numbers.acknowledged).toBeGreaterThan(1_000)
    expect(result.numbers.repeats).toBeGreaterThan(0)
    await installation.end()
  }, 120_000)
}
