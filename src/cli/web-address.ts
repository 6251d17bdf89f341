import { existsSync, readFileSync } from "node:fs"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"

const pathIn = (folder: string) => join(folder, "run", "web-address")

/** `run all --port 9100` is told to nobody else: commands on its data folder read here where its web is. */
export async function rememberWebAddress(folder: string, address: string): Promise<void> {
  await mkdir(join(folder, "run"), { recursive: true, mode: 0o700 })
  await writeFile(pathIn(folder), `${address}\n`, { mode: 0o600 })
}

/** null: it never ran, or this user may not read in the folder. */
export function rememberedWebAddress(folder: string): string | null {
  try {
    return existsSync(pathIn(folder)) ? readFileSync(pathIn(folder), "utf8").trim() : null
  } catch {
    return null
  }
}
