import type { Json } from "../reports/report-event.ts"
import { type CrashReason, reasonOf } from "./crash-reason.ts"
import { InvalidDump } from "./dump-bytes.ts"
import type { DumpModule } from "./modules.ts"
import { type DumpThread, type Minidump, readMinidump } from "./read-minidump.ts"
import { hex } from "./registers.ts"
import type { DumpSystem } from "./system.ts"

/** What an event says of a dump: of each thread where it was, as nothing more can be known for certain without unwinding. null: it cannot be read. */
export function crashOfDump(file: Uint8Array): Json | null {
  try {
    return crashIn(readMinidump(file))
  } catch (error) {
    if (error instanceof InvalidDump) return null
    throw error
  }
}

function crashIn({ system, exception, threads, modules, annotations }: Minidump): Json {
  const reason = exception && reasonOf(exception, system)
  const told = threads.find(({ id }) => id === exception?.threadId)
  const images = modules.map((module) => imageOf(module, system))
  return {
    platform: "native",
    level: reason ? "fatal" : "info",
    exception: { values: [exceptionOf(reason, told, modules)] },
    contexts: {
      ...contextsOf(system),
      ...(Object.keys(annotations).length > 0 && {
        crashpad: { ...annotations, type: "crashpad" },
      }),
    },
    threads: {
      values: threads.map((thread) => threadOf(thread, modules, { told, isCrash: !!reason })),
    },
    ...(images.length > 0 && { debug_meta: { images } }),
  }
}

function exceptionOf(
  reason: CrashReason | null,
  thread: DumpThread | undefined,
  modules: readonly DumpModule[],
): Json {
  const place = thread?.at == null ? null : moduleAt(modules, thread.at)
  const where = place ? `in ${basename(place.file)}` : "outside of all modules"
  const data = reason?.address == null ? null : { relevant_address: hex(reason.address) }
  const mechanism = {
    type: "minidump",
    handled: reason === null,
    ...(data && { data }),
    ...(reason && Object.keys(reason.meta).length > 0 && { meta: reason.meta }),
  }
  return {
    type: reason?.name ?? "Minidump",
    value: reason ? `Crashed ${where}` : "Nothing crashed: somebody asked for the dump",
    mechanism,
    ...(thread && { thread_id: thread.id, stacktrace: traceOf(thread, modules) }),
  }
}

function threadOf(
  thread: DumpThread,
  modules: readonly DumpModule[],
  { told, isCrash }: { told: DumpThread | undefined; isCrash: boolean },
): Json {
  const isTold = thread === told
  return {
    id: thread.id,
    ...(thread.name && { name: thread.name }),
    ...(isTold && { current: true, crashed: isCrash }),
    // Its stack is that of the exception.
    ...(!isTold && { stacktrace: traceOf(thread, modules) }),
  }
}

function traceOf({ at, registers }: DumpThread, modules: readonly DumpModule[]): Json | undefined {
  if (at === null) return undefined
  const module = moduleAt(modules, at)
  const place = module && { package: module.file, image_addr: hex(module.base) }
  return {
    frames: [{ instruction_addr: hex(at), trust: "context", ...place }],
    ...(registers && { registers }),
  }
}

function moduleAt(modules: readonly DumpModule[], at: bigint): DumpModule | null {
  return modules.find(({ base, size }) => at >= base && at < base + BigInt(size)) ?? null
}

const basename = (path: string) => path.split(/[/\\]/).at(-1) || "a nameless module"

function imageOf({ base, size, file, ...identity }: DumpModule, { os, cpu }: DumpSystem): Json {
  return {
    type: os === "windows" ? "pe" : os === "macos" || os === "ios" ? "macho" : "elf",
    code_file: file,
    image_addr: hex(base),
    image_size: size,
    ...(identity.codeId && { code_id: identity.codeId }),
    ...(identity.debugId && { debug_id: identity.debugId }),
    ...(identity.debugFile && { debug_file: identity.debugFile }),
    ...(cpu !== "other" && { arch: cpu }),
  }
}

const OS_NAMES = {
  windows: "Windows",
  macos: "macOS",
  ios: "iOS",
  linux: "Linux",
  android: "Android",
  other: null,
}

function contextsOf({ os, cpu, version, detail }: DumpSystem): Json {
  const name = OS_NAMES[os]
  const isUname = os === "linux" || os === "android"
  const kernel = isUname ? version || detail.split(" ")[1] : undefined
  return {
    ...(name && {
      os: {
        type: "os",
        name,
        ...(isUname ? kernel && { kernel_version: kernel } : version && { version }),
        ...(detail && !isUname && { build: detail }),
      },
    }),
    ...(cpu !== "other" && { device: { type: "device", arch: cpu } }),
  }
}
