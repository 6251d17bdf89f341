import type { DumpException } from "./read-minidump.ts"
import { hex } from "./registers.ts"
import type { DumpSystem } from "./system.ts"
import { FAST_FAILS, NT_STATUSES } from "./windows-codes.ts"

/** Why it crashed, in the words of its system. */
export type CrashReason = {
  /** `SIGSEGV / SEGV_MAPERR`. Without addresses, which are others in every process. */
  name: string
  /** The address that could not be read, written or run; null: it was about none. */
  address: bigint | null
  /** As Sentry's mechanism has it. */
  meta: Record<string, unknown>
}

/** null: nobody crashed, the dump was asked for. */
export function reasonOf(exception: DumpException, { os }: DumpSystem): CrashReason | null {
  if (exception.code === SIMULATED) return null
  switch (os) {
    case "windows":
      return windowsReason(exception)
    case "macos":
    case "ios":
      return exception.code === SIMULATED_MAC ? null : macReason(exception)
    default:
      return exception.code === DUMP_REQUESTED ? null : signalReason(exception)
  }
}

/** What Crashpad and Breakpad write when a dump is made of a healthy process. */
const SIMULATED = 0x0517a7ed
const SIMULATED_MAC = 0x43507378
const DUMP_REQUESTED = 0xffffffff

const ACCESS_VIOLATION = 0xc0000005
const IN_PAGE_ERROR = 0xc0000006
const FAST_FAIL = 0xc0000409
const ACCESSES = new Map([
  [0n, "READ"],
  [1n, "WRITE"],
  [8n, "EXEC"],
])

function windowsReason({ code, parameters, address }: DumpException): CrashReason {
  const [first, second] = parameters
  const name = NT_STATUSES.get(code) ?? `0x${code.toString(16).padStart(8, "0")}`
  if (code === ACCESS_VIOLATION || code === IN_PAGE_ERROR) {
    const access = first === undefined ? undefined : ACCESSES.get(first)
    return { name: access ? `${name}_${access}` : name, address: second ?? address, meta: {} }
  }
  if (code === FAST_FAIL && first !== undefined) {
    const detail = FAST_FAILS.get(Number(first))
    return { name: detail ? `${name} / ${detail}` : name, address: null, meta: {} }
  }
  return { name, address: null, meta: {} }
}

const SIGNALS: Record<number, string> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  15: "SIGTERM",
  16: "SIGSTKFLT",
  24: "SIGXCPU",
  25: "SIGXFSZ",
  31: "SIGSYS",
}
/** What a signal was sent for, by number from 1. */
const SIGNAL_CODES: Record<string, string[]> = {
  SIGILL: names("ILL", "ILLOPC ILLOPN ILLADR ILLTRP PRVOPC PRVREG COPROC BADSTK"),
  SIGTRAP: names("TRAP", "BRKPT TRACE BRANCH HWBKPT"),
  SIGBUS: names("BUS", "ADRALN ADRERR OBJERR MCEERR_AR MCEERR_AO"),
  SIGFPE: names("FPE", "INTDIV INTOVF FLTDIV FLTOVF FLTUND FLTRES FLTINV FLTSUB"),
  SIGSEGV: names("SEGV", "MAPERR ACCERR BNDERR PKUERR"),
  SIGSYS: names("SYS", "SECCOMP USER_DISPATCH"),
}
/** Sent by somebody, not by what the program did. 0 is not among them: old clients write it always. */
const SENT: Record<number, string> = { 128: "SI_KERNEL", 4294967290: "SI_TKILL" }
const WITH_ADDRESS = new Set(["SIGSEGV", "SIGBUS"])

function signalReason({ code, flags, address }: DumpException): CrashReason {
  const name = SIGNALS[code] ?? `Signal ${code}`
  const detail = SIGNAL_CODES[name]?.[flags - 1] ?? SENT[flags]
  const signal = { number: code, code: flags | 0, name, ...(detail && { code_name: detail }) }
  // An abort is somebody's decision; which thread told whom says nothing.
  const isTold = detail !== undefined && name !== "SIGABRT"
  return {
    name: isTold ? `${name} / ${detail}` : name,
    address: WITH_ADDRESS.has(name) ? address : null,
    meta: { signal },
  }
}

const MACH: Record<number, string> = {
  1: "EXC_BAD_ACCESS",
  2: "EXC_BAD_INSTRUCTION",
  3: "EXC_ARITHMETIC",
  4: "EXC_EMULATION",
  5: "EXC_SOFTWARE",
  6: "EXC_BREAKPOINT",
  7: "EXC_SYSCALL",
  8: "EXC_MACH_SYSCALL",
  10: "EXC_CRASH",
  11: "EXC_RESOURCE",
  12: "EXC_GUARD",
  1129344632: "Uncaught NSException",
}
const KERN: Record<number, string> = {
  1: "KERN_INVALID_ADDRESS",
  2: "KERN_PROTECTION_FAILURE",
  8: "KERN_NO_ACCESS",
  9: "KERN_MEMORY_FAILURE",
  10: "KERN_MEMORY_ERROR",
  13: "EXC_I386_GPFLT",
  257: "EXC_ARM_DA_ALIGN",
  258: "EXC_ARM_DA_DEBUG",
}

function macReason({ code, flags, address }: DumpException): CrashReason {
  const name = MACH[code] ?? `Mach exception ${hex(code)}`
  const isAccess = name === "EXC_BAD_ACCESS"
  const detail = isAccess ? (KERN[flags] ?? hex(flags)) : null
  return {
    name: detail ? `${name} / ${detail}` : name,
    address: isAccess ? address : null,
    meta: { mach_exception: { exception: code, code: flags, name } },
  }
}

function names(prefix: string, list: string): string[] {
  return list.split(" ").map((name) => `${prefix}_${name}`)
}
