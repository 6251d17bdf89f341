import { expect, test } from "bun:test"
import fc from "fast-check"
import { readMsgpack } from "#protocol/msgpack.ts"

const read = (hex: string) => readMsgpack(Buffer.from(hex.replaceAll(" ", ""), "hex"))

test("every type, in every length of its head", () => {
  expect(read("07 ff e0 c0 c2 c3")).toEqual([7, -1, -32, null, false, true])
  expect(read("cc ff cd 0100 ce 00010000 cf 0000000100000000")).toEqual([255, 256, 65536, 2 ** 32])
  expect(read("d0 80 d1 8000 d2 80000000 d3 ffffffffffffffff")).toEqual([
    -128,
    -32768,
    -(2 ** 31),
    -1,
  ])
  expect(read("ca 3fc00000 cb 3ff8000000000000")).toEqual([1.5, 1.5])
  expect(read("a2 6869 d9 02 6869 da 0002 6869 db 00000002 6869")).toEqual(["hi", "hi", "hi", "hi"])
  expect(read("c4 02 6869 c5 0002 6869 c6 00000002 6869")).toEqual(["hi", "hi", "hi"])
  expect(read("92 01 02 dc 0001 01 dd 00000001 01")).toEqual([[1, 2], [1], [1]])
  expect(read("81 a1 61 01 de 0001 a1 61 01 df 00000001 01 01")).toEqual([
    { a: 1 },
    { a: 1 },
    { "1": 1 },
  ])
  expect(read("d4 01 00 d8 01 00000000000000000000000000000000 c7 01 05 00")).toEqual([
    null,
    null,
    null,
  ])
})

test("numbers that are none are nothing", () => {
  expect(read("ca 7fc00000 cb 7ff0000000000000")).toEqual([null, null])
})

test("what is cut short, nests too deeply or claims too much is no MessagePack", () => {
  for (const hex of [
    "92 01",
    "a5 68",
    "c1",
    "dd ffffffff 01",
    "df 7fffffff",
    "cd 01",
    "81 90 01",
  ]) {
    expect([hex, read(hex)]).toEqual([hex, null])
  }
  expect(readMsgpack(Buffer.alloc(1_000_000, 0x91))).toBeNull()
  expect(readMsgpack(Buffer.alloc(1_000_000, 0xc0))).toBeNull()
})

test("a key called __proto__ is a key like any other", () => {
  const [value] = read("81 a9 5f5f70726f746f5f5f 81 a1 78 01") ?? []
  expect(Object.keys(value as object)).toEqual(["__proto__"])
  expect(({} as { x?: number }).x).toBeUndefined()
})

test("no bytes make it throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      readMsgpack(bytes)
    }),
  )
})
