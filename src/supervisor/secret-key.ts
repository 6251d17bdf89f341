import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { randomHex } from "#platform/ids.ts"

const pathIn = (folder: string) => join(folder, "secret-key")

/** Whether `run all` has made a key in this folder; false too where one may not look. */
export function hasSecretKey(folder: string): boolean {
  return existsSync(pathIn(folder))
}

/** The appliance's secret key, made at its first start. The caller holds the folder's lock or only reads. */
export function applianceSecretKey(folder: string): string {
  const path = pathIn(folder)
  if (!existsSync(path)) writeFileSync(path, `${randomHex(32)}\n`, { mode: 0o600, flag: "wx" })
  return readFileSync(path, "utf8").trim()
}
