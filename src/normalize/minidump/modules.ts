import { buildIdToDebugId, guidToDebugId } from "../values/debug-id.ts"
import type { DumpBytes } from "./dump-bytes.ts"
import { recordsOf, type Stream } from "./records.ts"
import type { DumpSystem } from "./system.ts"

/** A program or library that was loaded. */
export type DumpModule = {
  base: bigint
  size: number
  file: string
  debugFile: string | null
  debugId: string | null
  codeId: string | null
}

const MAX_MODULES = 2000
const MODULE_BYTES = 108
const RSDS = 0x53445352
const BUILD_ID = 0x4270454c
const MAX_BUILD_ID_BYTES = 64

export function readModules(bytes: DumpBytes, stream: Stream, system: DumpSystem): DumpModule[] {
  return recordsOf(bytes, stream, MODULE_BYTES, MAX_MODULES).map((at) => {
    const size = bytes.u32(at + 8)
    const record = { size: bytes.u32(at + 76), at: bytes.u32(at + 80) }
    const identity = record.size > 4 ? readIdentity(bytes, record, system) : NOBODY
    const stamp = bytes
      .u32(at + 16)
      .toString(16)
      .padStart(8, "0")
    return {
      base: bytes.u64(at),
      size,
      file: bytes.utf16(bytes.u32(at + 20)),
      ...identity,
      codeId: system.os === "windows" ? `${stamp}${size.toString(16)}` : identity.codeId,
    }
  })
}

type Identity = Pick<DumpModule, "debugFile" | "debugId" | "codeId">
const NOBODY: Identity = { debugFile: null, debugId: null, codeId: null }

/** The record by which debug files are found. */
function readIdentity(bytes: DumpBytes, { at, size }: Stream, { os }: DumpSystem): Identity {
  switch (bytes.u32(at)) {
    case RSDS: {
      // Only files of Windows are built again under an id.
      const age = os === "windows" ? bytes.u32(at + 20) : 0
      const debugFile = size > 24 ? bytes.utf8(at + 24, size - 24) || null : null
      return { debugFile, debugId: guidToDebugId(bytes.slice(at + 4, 16), age), codeId: null }
    }
    case BUILD_ID: {
      const buildId = bytes.slice(at + 4, Math.min(size - 4, MAX_BUILD_ID_BYTES))
      return {
        debugFile: null,
        debugId: buildIdToDebugId(buildId),
        codeId: buildId.toString("hex"),
      }
    }
    default:
      return NOBODY
  }
}
