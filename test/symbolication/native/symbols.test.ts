import { expect, test } from "bun:test"
import { join } from "node:path"
import { $ } from "bun"
import type { ByteSource } from "#symbolication/artifacts/zip-index.ts"
import { labelBreakpad, openBreakpad } from "#symbolication/native/breakpad.ts"
import { labelElf, openElf } from "#symbolication/native/elf.ts"
import { isMachO, labelMachO, openMachO, slicesOf } from "#symbolication/native/macho.ts"
import { InvalidSymbols, type OpenSymbols } from "#symbolication/native/symbols.ts"
import { BREAKPAD, BREAKPAD_ID, elfFile, fatFile, machOFile } from "../../support/debug-files.ts"
import { temporaryFolder } from "../../support/services.ts"

const MEGABYTES = 16 * 1024 * 1024
const sourceOf = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  read: async (start, end) => bytes.subarray(start, end),
})
const shown = (symbols: OpenSymbols, address: number) =>
  symbols.framesAt(address)?.map((frame) => `${frame.function} ${frame.file}:${frame.line}`) ?? null

test("a Breakpad file tells function, file and line, with the calls that were put into it", () => {
  const symbols = openBreakpad(Buffer.from(BREAKPAD))
  expect(shown(symbols, 0x1005)).toEqual(["main /src/till/main.c:10"])
  expect(shown(symbols, 0x1012)).toEqual([
    "main /src/till/main.c:12",
    "charge(int, char const*) /src/till/charge.c:6",
  ])
  const whole = [
    "main /src/till/main.c:12",
    "charge(int, char const*) /src/till/charge.c:7",
    "parse /src/till/charge.c:31",
  ]
  expect(shown(symbols, 0x101f)).toEqual(whole)
  expect(shown(symbols, 0x1028)).toEqual([...whole.slice(0, 2), "parse /src/till/charge.c:8"])
  expect(shown(symbols, 0x2008)).toEqual(["shared name(int, long) /src/till/charge.c:99"])
})

test("public names serve where no function is, and nothing is told before the first", () => {
  const symbols = openBreakpad(Buffer.from(BREAKPAD))
  expect(shown(symbols, 0x3004)).toEqual(["_start null:null"])
  expect(shown(symbols, 0x4004)).toEqual(["exported name null:null"])
  expect(shown(symbols, 0x10)).toBeNull()
  const hole = openBreakpad(Buffer.from(`${BREAKPAD}PUBLIC 500 0 early\n`))
  expect([shown(hole, 0x1050), shown(hole, 0x510)]).toEqual([null, ["early null:null"]])
})

test("what a Breakpad file is", () => {
  expect(labelBreakpad(Buffer.from(BREAKPAD))).toMatchObject({
    kind: "breakpad",
    debugId: BREAKPAD_ID,
    codeId: "f1c3bcc0279865fe3058404b2831d9e6",
    cpu: "x86_64",
  })
  const windows = BREAKPAD.replace("Linux", "windows").replace("D9E60", "D9E61a")
  expect(labelBreakpad(Buffer.from(windows)).debugId).toBe(`${BREAKPAD_ID}-1a`)
  expect(() => labelBreakpad(Buffer.from("MODULE Linux x86_64 nobody till"))).toThrow(
    InvalidSymbols,
  )
})

test("an ELF file is known by its build id, else by its code, and names functions", async () => {
  const buildId = "f1c3bcc0279865fe3058404b2831d9e64135386c"
  const file = elfFile({
    buildId,
    symbols: [
      ["charge", 0x401000, 16],
      ["main", 0x401020, 0],
    ],
    base: 0x400000,
  })
  expect(await labelElf(sourceOf(file))).toEqual({
    kind: "elf",
    debugId: BREAKPAD_ID,
    codeId: buildId,
    cpu: "x86_64",
    type: "lib",
    features: ["symtab"],
  })
  const symbols = await openElf(sourceOf(file), MEGABYTES)
  expect(symbols.framesAt(0x1008)).toEqual([
    { function: "charge", file: null, line: null, beginsAt: 0x1000 },
  ])
  expect(symbols.framesAt(0x1010)).toBeNull()
  expect(shown(symbols, 0x1100)).toEqual(["main null:null"])
  expect(symbols.framesAt(0)).toBeNull()
  const bare = await labelElf(sourceOf(elfFile({})))
  expect([bare.codeId, bare.debugId]).toEqual([null, "e5894855-00b8-0000-00c9-c30000000000"])
})

test.skipIf(!Bun.which("gcc"))("what a compiler makes", async () => {
  const folder = temporaryFolder("gcc")
  await Bun.write(
    join(folder, "till.c"),
    "__attribute__((noinline)) int charge(int n) { return n * 3; }\nint main(int n) { return charge(n); }\n",
  )
  await $`gcc -g -O0 -Wl,--build-id=0xf1c3bcc0279865fe3058404b2831d9e6 -o till till.c`
    .cwd(folder)
    .quiet()
  const file = sourceOf(Buffer.from(await Bun.file(join(folder, "till")).arrayBuffer()))
  expect(await labelElf(file)).toMatchObject({ debugId: BREAKPAD_ID })
  const table = await $`nm till`.cwd(folder).text()
  const [, address = ""] = /^([0-9a-f]+) T charge$/m.exec(table) ?? []
  const symbols = await openElf(file, MEGABYTES)
  expect(symbols.framesAt(Number.parseInt(address, 16) + 4)).toMatchObject([{ function: "charge" }])
})

test("a Mach-O file is known by its UUID; one for several machines is several", async () => {
  const uuid = "3249d99d-0c40-4931-8610-f4e4fb0b6936"
  const arm = machOFile({
    uuid,
    symbols: [
      ["_charge", 0x100001000],
      ["_main", 0x100001020],
    ],
  })
  const intel = machOFile({ uuid: BREAKPAD_ID, cpu: 0x01000007 })
  expect(await labelMachO(sourceOf(arm))).toEqual({
    kind: "macho",
    debugId: uuid,
    codeId: uuid.replaceAll("-", ""),
    cpu: "arm64",
    type: "dbg",
    features: ["symtab"],
  })
  const symbols = await openMachO(sourceOf(arm), MEGABYTES)
  expect(shown(symbols, 0x1010)).toEqual(["charge null:null"])
  expect(shown(symbols, 0x10)).toBeNull()
  const fat = fatFile([arm, intel])
  const slices = await slicesOf(sourceOf(fat))
  const parts = slices.map(({ at, size }) => fat.subarray(at, at + size))
  expect(await Promise.all(parts.map((part) => labelMachO(sourceOf(part))))).toMatchObject([
    { debugId: uuid },
    { debugId: BREAKPAD_ID, cpu: "x86_64" },
  ])
  expect([isMachO(fat), isMachO(arm), isMachO(Buffer.from("cafebabe00000034", "hex"))]).toEqual([
    true,
    true,
    false,
  ])
})

test("files that are cut short anywhere, or lie about a number, are refused or tell less", async () => {
  const elf = elfFile({ buildId: "ab".repeat(20), symbols: [["charge", 0x1000, 16]] })
  const macho = machOFile({ uuid: BREAKPAD_ID, symbols: [["_charge", 0x100001000]] })
  const attempt = async (bytes: Buffer, open: typeof openElf, label: typeof labelElf) => {
    for (const read of [label(sourceOf(bytes)), open(sourceOf(bytes), MEGABYTES)]) {
      const error = await read.then(
        () => null,
        (thrown: unknown) => thrown,
      )
      if (error) expect(error).toBeInstanceOf(InvalidSymbols)
    }
  }
  for (const [file, open, label] of [
    [elf, openElf, labelElf],
    [macho, openMachO, labelMachO],
  ] as const) {
    for (let bytes = 8; bytes < file.length; bytes += 3) {
      await attempt(Buffer.from(file.subarray(0, bytes)), open, label)
    }
    for (let at = 8; at + 4 <= file.length; at += 2) {
      const hostile = Buffer.from(file)
      hostile.writeUInt32LE(0xfffffff0, at)
      await attempt(hostile, open, label)
    }
  }
})

test("a symbol table beyond the memory that there is for it is not opened", async () => {
  const elf = elfFile({ buildId: "ab".repeat(20), symbols: [["charge", 0x1000, 16]] })
  expect(openElf(sourceOf(elf), 8)).rejects.toThrow("too large")
})

test("a Breakpad file of nonsense is open and knows nothing", () => {
  const symbols = openBreakpad(
    Buffer.from("FUNC\nFUNC zz 10 0 x\nINLINE 0\nPUBLIC \nFILE x y\nFUNC 10 zz 0\n10 10"),
  )
  for (const address of [0x10, 0x11, 0xffff]) expect(symbols.framesAt(address)).toBeNull()
})
