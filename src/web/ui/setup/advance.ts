import { findSetupStep, type SetupStep, updateSetupStep } from "#accounts/setup.ts"
import type { App } from "#app.ts"

/** Goes on to the next page. The furthest step never goes back, so that each page can be looked at again. */
export async function advance(
  app: Pick<App, "sql">,
  from: SetupStep,
  to: SetupStep,
): Promise<string> {
  if ((await findSetupStep(app.sql)) === from) await updateSetupStep(app.sql, to)
  return stepPath(to)
}

export function stepPath(step: SetupStep): string {
  return `/setup/${step}/`
}
