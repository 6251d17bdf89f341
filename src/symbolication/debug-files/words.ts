import type { DebugFile } from "./store.ts"

const MAPPING = /^\/proguard\//

/** What people know a file as. */
export function objectName({ kind, name }: Pick<DebugFile, "kind" | "name">): string {
  return kind === "proguard" && MAPPING.test(name) ? "proguard-mapping" : name
}
