/** Something with a life: it was started, it can be stopped. */
export type Service = {
  /** Stops taking new work, finishes what it holds within the given time, then lets go. Never throws. */
  stop(options: { withinMs: number }): Promise<void>
}
