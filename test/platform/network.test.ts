import { expect, test } from "bun:test"
import { networkOf } from "#platform/network.ts"

test("IPv6 counts by its first 64 bits, however it is written", () => {
  for (const address of [
    "2001:db8:0:7::1",
    "2001:0DB8::7:ffff:1:2:3",
    "2001:db8:0:7:8:9:a:b",
    "2001:db8:0:7::192.0.2.1",
  ]) {
    expect(networkOf(address)).toBe("2001:db8:0:7::/64")
  }
  expect(networkOf("::1")).toBe("0:0:0:0::/64")
  expect(networkOf("fe80::")).toBe("fe80:0:0:0::/64")
})

test("IPv4, and what is no address, stay as they are", () => {
  for (const text of ["192.0.2.1", "", "unknown"]) expect(networkOf(text)).toBe(text)
})
