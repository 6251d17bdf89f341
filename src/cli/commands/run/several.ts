import type { Service } from "#platform/service.ts"
import { keepProcess } from "#supervisor/kept-process.ts"
import { ownProgram, SHARED_PORT } from "#supervisor/supervise.ts"
import { NO_FILE } from "../../configuration/discover.ts"
import { environmentFor } from "../../configuration/environment.ts"
import type { Context } from "../../context.ts"
import { serveUntilStopped } from "../../lifecycle.ts"

/** `run web -w 3`: as many processes of the same role, started again when they end by themselves. */
export async function runSeveral(context: Context, role: "web" | "worker", count: number) {
  const { config, loaded, log } = context
  const drainMs = config["web.drain-timeout"] * 1000
  await serveUntilStopped(
    async () => {
      const processes = Array.from({ length: count }, (_, index) =>
        keepProcess({
          name: `${role} ${index + 1}`,
          command: [...ownProgram(), "--config", NO_FILE, "run", role],
          folder: process.cwd(),
          environment: { ...environmentFor(loaded, process.env), ...SHARED_PORT },
          log,
        }),
      )
      await Promise.all(processes.map(({ ready }) => ready))
      return { stop: () => stopAll(processes, drainMs) }
    },
    { log, drainMs },
  )
}

async function stopAll(
  processes: ReturnType<typeof keepProcess>[],
  drainMs: number,
): ReturnType<Service["stop"]> {
  await Promise.all(processes.map((each) => each.stop(drainMs)))
}
