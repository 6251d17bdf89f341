import { join } from "node:path"
import { Glob } from "bun"
import { startTestServices } from "../test/support/services.ts"
import { postgresPack } from "./postgres-pack.ts"

const root = join(import.meta.dir, "..")

type Tally = { passed: number; failed: number }

/** One gate: a command that must succeed. Its output is shown when it does not. */
async function gate(name: string, command: string[]): Promise<Tally> {
  const startedAt = performance.now()
  const done = Bun.spawn(command, { cwd: root, stdout: "pipe", stderr: "pipe" })
  const [out, err] = await Promise.all([
    new Response(done.stdout).text(),
    new Response(done.stderr).text(),
  ])
  const isGood = (await done.exited) === 0
  console.log(`${isGood ? "ok    " : "FAILED"} ${name} (${secondsSince(startedAt)} s)`)
  if (!isGood) console.log(out + err)
  return isGood ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** One `bun test`, its output shown as it comes; counts what its summary says. */
async function testRun(words: string[], environment: Record<string, string>): Promise<Tally> {
  const command = [process.execPath, "test", "--timeout=60000", ...words]
  const run = Bun.spawn(command, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdout: "inherit",
    stderr: "pipe",
  })
  let text = ""
  for await (const chunk of run.stderr.pipeThrough(new TextDecoderStream())) {
    process.stderr.write(chunk)
    text += chunk
  }
  const code = await run.exited
  const counted = { passed: lastCount(text, "pass"), failed: lastCount(text, "fail") }
  // A run that broke off, or an error outside any test.
  if (code !== 0 && counted.failed === 0) counted.failed = 1
  return counted
}

/** Small tests side by side; then, one after the other, those that start the whole program. */
async function testRuns(): Promise<string[][]> {
  const found = await Array.fromAsync(new Glob("test/**/*.test.{ts,tsx}").scan(root))
  const paths = found.sort().map((path) => `./${path}`)
  const isWhole = (path: string) => /^\.\/test\/(story|supervisor)\//.test(path)
  return [
    ["--parallel=2", ...paths.filter((path) => !isWhole(path))],
    paths.filter(isWhole),
  ].filter((words) => words.some((word) => word.startsWith("./")))
}

function lastCount(text: string, word: "pass" | "fail"): number {
  const plain = Bun.stripANSI(text)
  const found = [...plain.matchAll(new RegExp(`^\\s*(\\d+) ${word}$`, "gm"))].at(-1)
  return Number(found?.[1] ?? 0)
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(1)
}

async function allGates(only: string[]): Promise<Tally[]> {
  await postgresPack()
  const bin = (name: string) => join(root, "node_modules/.bin", name)
  const tallies = [
    await gate("style", [bin("biome"), "check", "."]),
    await gate("types", [bin("tsc"), "--noEmit"]),
    await gate("dead code", [bin("knip")]),
    await gate("build", [process.execPath, "scripts/build.ts"]),
  ]
  const services = await startTestServices()
  const environment = {
    TEST_DATABASE_URL: services.databaseUrl,
    TEST_REDIS_URL: services.redisUrl,
    TEST_EXECUTABLE: join(root, "dist/sentry-lite"),
  }
  try {
    for (const words of only.length > 0 ? [only] : await testRuns()) {
      tallies.push(await testRun(words, environment))
    }
  } finally {
    await services.stop()
  }
  return tallies
}

const startedAt = performance.now()
const tallies = await allGates(process.argv.slice(2))
const passed = tallies.reduce((sum, each) => sum + each.passed, 0)
const failed = tallies.reduce((sum, each) => sum + each.failed, 0)
console.log(`\nin ${secondsSince(startedAt)} s`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
