import { expect, test } from "bun:test"
import { crashOfDump } from "#normalize/minidump/crash-of-dump.ts"
import {
  buildId,
  crashDump,
  type GivenDump,
  LINUX,
  MACOS,
  rsds,
  WINDOWS,
} from "../../support/crash-dump.ts"
import { minidump } from "../../support/minidump.ts"

const TILL = { base: 0x400000, size: 0x1000, file: "/opt/till/bin/till" }
const crashed = (crash: Partial<GivenDump["crash"]>, more: GivenDump = {}) =>
  crashOfDump(
    crashDump({
      threads: [{ id: 7 }, { id: 8, at: 0x400010n, name: "printer" }],
      modules: [TILL],
      crash: { threadId: 7, code: 11, at: 0x400123n, ...crash },
      ...more,
    }),
  )
const exceptionIn = (crash: ReturnType<typeof crashOfDump>) =>
  (crash?.exception as { values: { type: string }[] } | undefined)?.values[0]
const typeOf = (crash: Partial<GivenDump["crash"]>, platform: number) =>
  exceptionIn(crashed(crash, { platform }))?.type

test("a crash is an exception with the one frame that is certain, in the module around it", () => {
  const crash = crashed({ flags: 1, address: 0x45n })
  expect(crash).toMatchObject({ platform: "native", level: "fatal" })
  expect(exceptionIn(crash)).toMatchObject({
    type: "SIGSEGV / SEGV_MAPERR",
    value: "Crashed in till",
    thread_id: 7,
    mechanism: {
      type: "minidump",
      handled: false,
      data: { relevant_address: "0x45" },
      meta: { signal: { number: 11, code: 1, name: "SIGSEGV", code_name: "SEGV_MAPERR" } },
    },
    stacktrace: {
      frames: [
        {
          instruction_addr: "0x400123",
          package: "/opt/till/bin/till",
          image_addr: "0x400000",
          trust: "context",
        },
      ],
      registers: { rip: "0x400123", rax: "0x0" },
    },
  })
})

test("threads are listed by name, the crashed one without its stack, which is that of the exception", () => {
  expect(crashed({})?.threads).toEqual({
    values: [
      { id: 7, current: true, crashed: true },
      {
        id: 8,
        name: "printer",
        stacktrace: {
          frames: [expect.objectContaining({ instruction_addr: "0x400010" })],
          registers: expect.any(Object),
        },
      },
    ],
  })
})

test("reasons in the words of each system", () => {
  const parameters = (...list: bigint[]) => ({ code: 0xc0000005, parameters: list })
  expect(typeOf(parameters(0n, 0x45n), WINDOWS)).toBe("EXCEPTION_ACCESS_VIOLATION_READ")
  expect(typeOf(parameters(1n, 0x45n), WINDOWS)).toBe("EXCEPTION_ACCESS_VIOLATION_WRITE")
  expect(typeOf(parameters(8n, 0x45n), WINDOWS)).toBe("EXCEPTION_ACCESS_VIOLATION_EXEC")
  expect(typeOf({ code: 0xc0000094 }, WINDOWS)).toBe("EXCEPTION_INT_DIVIDE_BY_ZERO")
  expect(typeOf({ code: 0xc0000409, parameters: [7n] }, WINDOWS)).toBe(
    "STATUS_STACK_BUFFER_OVERRUN / FAST_FAIL_FATAL_APP_EXIT",
  )
  expect(typeOf({ code: 0xc0ffee }, WINDOWS)).toBe("0x00c0ffee")
  expect(typeOf({ code: 8, flags: 1 }, LINUX)).toBe("SIGFPE / FPE_INTDIV")
  expect(typeOf({ code: 6, flags: 0xfffffffa }, LINUX)).toBe("SIGABRT")
  expect(typeOf({ code: 11 }, LINUX)).toBe("SIGSEGV")
  expect(typeOf({ code: 77 }, LINUX)).toBe("Signal 77")
  expect(typeOf({ code: 1, flags: 1 }, MACOS)).toBe("EXC_BAD_ACCESS / KERN_INVALID_ADDRESS")
  expect(typeOf({ code: 6, flags: 1 }, MACOS)).toBe("EXC_BREAKPOINT")
  expect(typeOf({ code: 0x43506e78 }, MACOS)).toBe("Uncaught NSException")
})

test("the address of the access stands beside the reason, so that it never tells two issues apart", () => {
  const at = (address: bigint) =>
    crashed({ code: 0xc0000005, parameters: [1n, address] }, { platform: WINDOWS })
  expect(exceptionIn(at(0x45n))?.type).toBe(exceptionIn(at(0x46n))?.type)
  expect(exceptionIn(at(0x46n))).toMatchObject({
    mechanism: { data: { relevant_address: "0x46" } },
  })
})

test("a dump that was only asked for is no crash", () => {
  for (const [code, platform] of [
    [0xffffffff, LINUX],
    [0x0517a7ed, WINDOWS],
    [0x43507378, MACOS],
  ] as const) {
    expect(crashed({ code }, { platform })).toMatchObject({
      level: "info",
      exception: { values: [{ type: "Minidump", mechanism: { handled: true } }] },
      threads: { values: [{ crashed: false, current: true }, {}] },
    })
  }
})

test("modules carry the ids by which their symbols are found", () => {
  const images = (identity: Buffer, platform: number, isPadded = false) =>
    crashed({}, { platform, isPadded, modules: [{ ...TILL, identity, stamp: 0x5ab38077 }] })
      ?.debug_meta
  const guid = "9dd94932400c31498610f4e4fb0b6936"
  expect(images(rsds(guid, 1, "till.pdb"), WINDOWS)).toEqual({
    images: [
      {
        type: "pe",
        code_file: "/opt/till/bin/till",
        debug_file: "till.pdb",
        debug_id: "3249d99d-0c40-4931-8610-f4e4fb0b6936-1",
        code_id: "5ab380771000",
        image_addr: "0x400000",
        image_size: 0x1000,
        arch: "x86_64",
      },
    ],
  })
  const elf = buildId("f1c3bcc0279865fe3058404b2831d9e64135386c")
  expect(images(elf, LINUX)).toMatchObject({
    images: [
      {
        type: "elf",
        debug_id: "c0bcc3f1-9827-fe65-3058-404b2831d9e6",
        code_id: "f1c3bcc0279865fe3058404b2831d9e64135386c",
      },
    ],
  })
  expect(images(rsds(guid, 0, "till"), MACOS, true)).toMatchObject({
    images: [{ type: "macho", debug_id: "3249d99d-0c40-4931-8610-f4e4fb0b6936" }],
  })
})

test("what a program tells of itself by way of Crashpad is a context", () => {
  const annotations = {
    simple: { ver: "2.14.1", till: "7" },
    module: { till: "8", "printer-model": "X9" },
    objects: { "last-command": "open drawer" },
  }
  expect(crashed({}, { annotations })?.contexts).toMatchObject({
    crashpad: {
      type: "crashpad",
      ver: "2.14.1",
      till: "7",
      "printer-model": "X9",
      "last-command": "open drawer",
    },
  })
  const dump = crashDump({ annotations })
  for (let end = 32; end < dump.length; end += 7) crashOfDump(dump.subarray(0, end))
  for (let at = 32; at + 4 <= dump.length; at++) {
    const lying = Buffer.from(dump)
    lying.writeUInt32LE(0xffffffff, at)
    crashOfDump(lying)
  }
})

test("the system is told", () => {
  const contextsOf = (dump: GivenDump) => crashOfDump(crashDump(dump))?.contexts
  expect(contextsOf({ platform: WINDOWS, version: [10, 0, 19042] })).toEqual({
    os: { type: "os", name: "Windows", version: "10.0.19042" },
    device: { type: "device", arch: "x86_64" },
  })
  expect(contextsOf({ detail: "Linux 6.1.0-9-amd64 #1 SMP x86_64" })).toMatchObject({
    os: { name: "Linux", kernel_version: "6.1.0-9-amd64" },
  })
  expect(contextsOf({ platform: MACOS, version: [14, 2, 0], detail: "23C64" })).toMatchObject({
    os: { name: "macOS", version: "14.2.0", build: "23C64" },
  })
})

test("what is cut short anywhere costs what it would have told, or the whole when not even the system is told", () => {
  const whole = crashDump({
    threads: [{ id: 7, at: 0x400010n, name: "till" }],
    modules: [{ ...TILL, identity: rsds("00".repeat(16), 0, "x") }],
    crash: { threadId: 7, code: 11, at: 0x400123n },
  })
  expect(crashOfDump(minidump())).toBeNull()
  expect(crashOfDump(Buffer.from("no dump at all"))).toBeNull()
  for (let bytes = 0; bytes < whole.length; bytes++) {
    const crash = crashOfDump(whole.subarray(0, bytes))
    if (crash) expect(crash).toMatchObject({ platform: "native", exception: { values: [{}] } })
  }
})

test("numbers that lie about counts, sizes and places", () => {
  const whole = crashDump({
    threads: [{ id: 7 }],
    modules: [TILL],
    crash: { threadId: 7, code: 11 },
  })
  for (let at = 8; at + 4 <= whole.length; at += 4) {
    for (const value of [0xffffffff, 0x7fffffff, whole.length]) {
      const hostile = Buffer.from(whole)
      hostile.writeUInt32LE(value, at)
      const images = (crashOfDump(hostile)?.debug_meta as { images: unknown[] } | undefined)?.images
      expect(images?.length ?? 0).toBeLessThanOrEqual(2000)
    }
  }
})
