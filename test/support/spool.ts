import { afterAll } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openSpool, type SpoolOptions } from "#platform/spool/writer.ts"

/** A folder of the calling test's own; removed in afterAll. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sl-test-"))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A spool without limits that matter, unless the test sets one. */
export function givenSpool(directory: string, options: Partial<SpoolOptions> = {}) {
  const roomy = { segmentBytes: 64 * 1024 * 1024, maxBytes: 2 ** 40, minFreeBytes: 0 }
  return openSpool({ directory, ...roomy, ...options })
}

/** Polls until the condition holds; fails loudly after some seconds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  withinMs = 5000,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs} ms: ${condition}`)
    await Bun.sleep(5)
  }
}
