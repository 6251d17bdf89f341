import { jobPolicies } from "#jobs.ts"
import { makeDaysAhead } from "#maintenance/days-ahead.ts"
import { migrations } from "#migrations.ts"
import { systemClock } from "#platform/clock.ts"
import { connect, type Sql } from "#platform/db.ts"
import { migrate, schemaState, tryAdvisoryLock } from "#platform/migrate.ts"
import { VERSION } from "#platform/version.ts"
import type { Context } from "./context.ts"
import { CommandFailed, EXIT } from "./exit.ts"

/** Brings schema, task tables and the days ahead up to date; returns the names of the migrations applied. */
export async function upgradeDatabase(
  { config, log }: Context,
  url: string,
  onApplied: (name: string) => void = () => {},
): Promise<string[]> {
  const sql = connect(url, { max: 1, applicationName: "sentry-lite upgrade" })
  try {
    const applied = await migrate(sql, migrations, onApplied)
    const { upgradeTaskSchema } = await import("#platform/tasks.ts")
    await upgradeTaskSchema(url, jobPolicies)
    // So that workers need not wait for cron.
    await makeDaysAhead({ sql, config, log, clock: systemClock })
    return applied
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Advisory lock of whoever upgrades: `run web --upgrade --with-lock` looks at it without waiting. */
const UPGRADE_LOCK = 7_300_002

/** Runs `use` while no other upgrade runs; waits for one to end, and exits with the code for "locked" in the end. */
export async function withUpgradeLock<Result>(
  url: string,
  timeoutSeconds: number,
  use: () => Promise<Result>,
): Promise<Result> {
  const sql = connect(url, { max: 1, applicationName: "sentry-lite upgrade" })
  try {
    const deadline = Date.now() + timeoutSeconds * 1000
    while (!(await tryAdvisoryLock(sql, UPGRADE_LOCK))) {
      if (Date.now() >= deadline) {
        throw new CommandFailed(EXIT.locked, "Unable to acquire 'upgrade' lock.")
      }
      await Bun.sleep(200)
    }
    return await use()
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** True when nothing was ever created here. */
export async function isEmptySchema(sql: Sql): Promise<boolean> {
  const { missing, unknown } = await schemaState(sql, migrations)
  return missing.length === migrations.length && unknown.length === 0
}

/** Refuses a schema that is older than this program, and a newer one that this program cannot live with. */
export async function requireSchema(sql: Sql): Promise<void> {
  const { missing, unknown } = await schemaState(sql, migrations)
  if (missing.length > 0) {
    throw new CommandFailed(
      EXIT.failure,
      `the database lacks ${missing.join(", ")}; run: sentry-lite upgrade`,
    )
  }
  const tooNew = unknown.find(
    ({ oldestProgram }) => Bun.semver.order(numberOf(VERSION), oldestProgram) < 0,
  )
  if (tooNew) {
    throw new CommandFailed(
      EXIT.failure,
      `the database has ${tooNew.name}, which needs sentry-lite ${tooNew.oldestProgram} or newer; this is ${VERSION}`,
    )
  }
}

function numberOf(version: string): string {
  return version.split("+")[0] ?? version
}
