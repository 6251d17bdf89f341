import type { Service } from "#platform/service.ts"
import { type KeptProcess, keepProcess } from "#supervisor/kept-process.ts"
import { ownProgram, SHARED_PORT } from "#supervisor/supervise.ts"
import { NO_FILE } from "../../configuration/discover.ts"
import { environmentFor } from "../../configuration/environment.ts"
import type { Context } from "../../context.ts"
import { serveUntilStopped } from "../../lifecycle.ts"

/** `run web -w 3`: as many processes of the same role, started again when they end by themselves. */
export async function runSeveral(context: Context, role: "web" | "worker", count: number) {
  const { config, loaded, log } = context
  const drainMs = config["web.drain-timeout"] * 1000
  const environment = () => ({ ...environmentFor(loaded, process.env), ...SHARED_PORT })
  let processes: KeptProcess[] = []
  const reload = () => {
    context.reload()
    for (const each of processes) each.reload(environment())
  }
  await serveUntilStopped(
    async () => {
      processes = Array.from({ length: count }, (_, index) =>
        keepProcess({
          name: `${role} ${index + 1}`,
          command: [...ownProgram(), "--config", NO_FILE, "run", role],
          folder: process.cwd(),
          environment: environment(),
          log,
        }),
      )
      await Promise.all(processes.map(({ ready }) => ready))
      return { stop: () => stopAll(processes, drainMs) }
    },
    { ...context, reload, drainMs },
  )
}

async function stopAll(processes: KeptProcess[], drainMs: number): ReturnType<Service["stop"]> {
  await Promise.all(processes.map((each) => each.stop(drainMs)))
}
