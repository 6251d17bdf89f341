import { type FSWatcher, watch } from "node:fs"

/**
 * Begins to watch a folder, so that a look at it afterwards and the wait that follows leave no gap.
 * `changed` resolves when something was written since, or when the time is over.
 */
export function watchFolder(directory: string): {
  changed(withinMs: number): Promise<void>
  close(): void
} {
  const { promise, resolve } = Promise.withResolvers<void>()
  let watcher: FSWatcher | null = null
  try {
    watcher = watch(directory, () => resolve())
    watcher.on("error", () => {})
  } catch {
    // No folder yet, or no watches left on this machine: the time decides alone.
  }
  return {
    changed: async (withinMs) => {
      const timer = setTimeout(resolve, withinMs)
      await promise
      clearTimeout(timer)
    },
    close: () => watcher?.close(),
  }
}
