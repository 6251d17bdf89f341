/** What a child tells its supervisor when it is at work. */
export const READY = "ready"

/** What a supervisor tells its children: the environment that they would be started with now. */
export type Reload = { reload: Record<string, string | undefined> }

export type Supervisor = { ready(): void }

/**
 * Called by `run web|worker|cron`: joins the supervisor that started this process, if one did. `onGone`
 * is called when the supervisor is no more, however it ended; the process then ends as it does on SIGTERM.
 */
export function joinSupervisor(
  onGone: () => void,
  onReload: (environment: Reload["reload"]) => void,
): Supervisor {
  if (!process.send) return { ready: () => {} }
  process.once("disconnect", onGone)
  process.on("message", (message: Reload) => onReload(message.reload))
  return { ready: () => void process.send?.(READY) }
}
