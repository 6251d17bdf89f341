import { AppError } from "#platform/errors.ts"

/** A web process of an earlier run may still be answering its last requests. */
const PATIENCE_MS = 5_000

/** Throws `unavailable` when somebody else listens there; better told once here than by each web process. */
export async function requireFreePort(bind: { host: string; port: number }): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      Bun.listen({ hostname: bind.host, port: bind.port, socket: { data() {} } }).stop(true)
      return
    } catch (error) {
      if ((error as { code?: string }).code !== "EADDRINUSE") {
        throw new AppError("unavailable", `cannot listen on ${bind.host}:${bind.port}: ${error}`)
      }
    }
    if (Date.now() > deadline) {
      throw new AppError(
        "unavailable",
        `port ${bind.port} of ${bind.host} is in use by another program: choose another one with --port`,
      )
    }
    await Bun.sleep(100)
  }
}
