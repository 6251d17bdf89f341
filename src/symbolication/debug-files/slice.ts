import type { ObjectSlice } from "../thread/protocol.ts"
import type { FoundObject } from "./store.ts"

export function sliceOfObject(
  { id, chunks, at, bytes }: FoundObject,
  kind: ObjectSlice["kind"],
): ObjectSlice {
  return { kind, key: `debug/${id}`, chunks, at, bytes }
}
