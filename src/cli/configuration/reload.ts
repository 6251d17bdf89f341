import { isDeepStrictEqual } from "node:util"
import { type OptionKey, options } from "#config.ts"
import { STORED_SOURCE } from "#platform/options/stored.ts"
import type { LoadedConfig } from "./load.ts"

export type Reloaded = { changed: OptionKey[]; needRestart: OptionKey[] }

/**
 * Takes over what the files say now, in place: whoever holds the values sees the change. Only options that pages can set too may
 * change while the program runs; of the others it is told that they wait for a restart. What no file sets any more goes back to its
 * default, until the database's options are laid under again.
 */
export function takeOver(loaded: LoadedConfig, fresh: LoadedConfig): Reloaded {
  const different = (Object.keys(options) as OptionKey[]).filter((key) =>
    differs(loaded, fresh, key),
  )
  const changed = different.filter((key) => options[key].stored)
  const values: Record<string, unknown> = loaded.values
  for (const key of changed) {
    const source = fresh.sources.get(key)
    values[key] = fresh.values[key]
    if (source === undefined) loaded.sources.delete(key)
    else loaded.sources.set(key, source)
  }
  return { changed, needRestart: different.filter((key) => !options[key].stored) }
}

/** What neither sets is the database's, which is followed anyway. */
function differs(loaded: LoadedConfig, fresh: LoadedConfig, key: OptionKey): boolean {
  const wasSet = (loaded.sources.get(key) ?? STORED_SOURCE) !== STORED_SOURCE
  const isSet = fresh.sources.has(key)
  return (wasSet || isSet) && !isDeepStrictEqual(loaded.values[key], fresh.values[key])
}
