import { readDebugId } from "#normalize/values/debug-id.ts"
import type { ArtifactFile } from "../artifacts/artifact-file.ts"
import { readBundle } from "../artifacts/read-bundle.ts"
import { type ByteSource, InvalidBundle, type ZipLimits } from "../artifacts/zip-index.ts"
import { labelBreakpad } from "../native/breakpad.ts"
import { labelElf } from "../native/elf.ts"
import { isMachO, labelMachO, slicesOf } from "../native/macho.ts"
import { InvalidSymbols } from "../native/symbols.ts"

export type Kind = "proguard" | "breakpad" | "elf" | "macho" | "sourcebundle"

/** One thing in a debug file that frames may ask for. */
export type DebugObject = {
  kind: Kind
  debugId: string
  codeId: string | null
  cpu: string
  type: string
  features: string[]
  /** Where it lies in the file. */
  at: number
  bytes: number
}

type Contents = { objects: DebugObject[]; sources: ArtifactFile[] }

const PROGUARD = /^\/proguard\/([0-9a-fA-F-]{32,36})\.txt$/
const HEAD_BYTES = 64 * 1024
const CLASS_LINE = / -> [^\n]{1,1000}:\s{0,2}$/m

/** Finds out what a file is, by its bytes; of a mapping, which holds no id, by its name. Throws InvalidBundle. */
export async function readObjects(
  name: string,
  file: ByteSource,
  limits: ZipLimits,
  signal: AbortSignal,
): Promise<Contents> {
  try {
    const head = await file.read(0, Math.min(file.size, HEAD_BYTES))
    const mapping = PROGUARD.exec(name)?.[1]
    if (mapping !== undefined) return alone(readMapping(mapping, head, file))
    const magic = head.toString("latin1", 0, 7)
    if (magic.startsWith("SYSB")) return await readSources(file, limits, signal)
    if (magic.startsWith("\x7fELF")) return alone(whole(file, await labelElf(file)))
    if (magic === "MODULE ") return alone(whole(file, labelBreakpad(head)))
    if (isMachO(head)) return { objects: await readMachines(file), sources: [] }
  } catch (error) {
    if (error instanceof InvalidSymbols)
      throw new InvalidBundle(`It cannot be read: ${error.message}.`)
    throw error
  }
  throw new InvalidBundle(`It is no debug file that is supported.${hintFor(name)}`)
}

const hintFor = (name: string) =>
  /\.(?:pdb|exe|dll)$/i.test(name) ? " Make Breakpad symbols of it with dump_syms." : ""

const alone = (object: DebugObject): Contents => ({ objects: [object], sources: [] })
const whole = <T>(file: ByteSource, label: T) => ({ ...label, at: 0, bytes: file.size })

function readMapping(id: string, head: Buffer, file: ByteSource): DebugObject {
  const debugId = readDebugId(id)
  if (!debugId) throw new InvalidBundle("Its name holds no id.")
  if (!CLASS_LINE.test(head.toString("utf8"))) throw new InvalidBundle("It is no ProGuard mapping.")
  const label = { kind: "proguard", debugId, codeId: null, cpu: "any", type: "none" } as const
  return whole(file, { ...label, features: ["mapping"] })
}

async function readMachines(file: ByteSource): Promise<DebugObject[]> {
  const objects: DebugObject[] = []
  for (const { at, size } of await slicesOf(file)) {
    const slice = { size, read: (start: number, end: number) => file.read(at + start, at + end) }
    objects.push({ ...(await labelMachO(slice)), at, bytes: size })
  }
  return objects
}

async function readSources(
  file: ByteSource,
  limits: ZipLimits,
  signal: AbortSignal,
): Promise<Contents> {
  const bundle = await readBundle(file, limits, signal)
  const debugId = readDebugId(bundle.debugId ?? "")
  if (!debugId) throw new InvalidBundle("Its manifest names no debug id.")
  const label = { kind: "sourcebundle", debugId, codeId: null, cpu: "any", type: "none" } as const
  return { objects: [whole(file, { ...label, features: ["sources"] })], sources: bundle.files }
}
