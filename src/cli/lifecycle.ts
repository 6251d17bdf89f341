import { createNotifier } from "#platform/notify.ts"
import type { Service } from "#platform/service.ts"
import { joinSupervisor } from "#supervisor/child.ts"
import { stopSignals } from "#supervisor/stop-signals.ts"
import type { Context } from "./context.ts"
import { EXIT } from "./exit.ts"

/**
 * Runs a service until it is told to stop: SIGTERM, SIGINT, SIGHUP of a terminal, or the end of the supervisor that started this
 * process. A second signal ends it at once. Tells supervisor and systemd when it is ready.
 */
export async function serveUntilStopped(
  start: () => Promise<Service>,
  options: Pick<Context, "log" | "reload" | "reloadFrom"> & { drainMs: number },
): Promise<void> {
  const gone = Promise.withResolvers<void>()
  const supervisor = joinSupervisor(gone.resolve, options.reloadFrom)
  const signals = stopSignals(() => process.exit(EXIT.interrupted), options.reload)
  const notifier = createNotifier(process.env.NOTIFY_SOCKET, process.env.WATCHDOG_USEC)
  const stop = Promise.race([signals.stop, gone.promise])

  const service = await start()
  supervisor.ready()
  notifier.ready()
  options.log.info("ready")
  await stop
  notifier.stopping()
  options.log.info("stopping")
  await service.stop({ withinMs: options.drainMs })
  signals.release()
}
