import type { DumpBytes } from "./dump-bytes.ts"

type Os = "windows" | "macos" | "ios" | "linux" | "android" | "other"
export type Cpu = "x86" | "x86_64" | "arm" | "arm64" | "other"

export type DumpSystem = {
  os: Os
  cpu: Cpu
  version: string
  /** A service pack, a build, or what `uname` says. */
  detail: string
}

const PLATFORMS = new Map<number, Os>([
  [2, "windows"],
  [0x8101, "macos"],
  [0x8102, "ios"],
  [0x8201, "linux"],
  [0x8203, "android"],
])
const CPUS = new Map<number, Cpu>([
  [0, "x86"],
  [5, "arm"],
  [9, "x86_64"],
  [12, "arm64"],
  // Breakpad's, from before there was an official one.
  [0x8003, "arm64"],
])

export function readSystem(bytes: DumpBytes, { at }: { at: number }): DumpSystem {
  const version = [8, 12, 16].map((offset) => bytes.u32(at + offset))
  const detailAt = bytes.u32(at + 24)
  return {
    os: PLATFORMS.get(bytes.u32(at + 20)) ?? "other",
    cpu: CPUS.get(bytes.u16(at)) ?? "other",
    version: version.some((part) => part > 0) ? version.join(".") : "",
    detail: detailAt > 0 && detailAt + 4 <= bytes.length ? bytes.utf16(detailAt) : "",
  }
}
