import { expect, test } from "bun:test"
import { addressList } from "#platform/network.ts"
import { clientAddress } from "#web/middleware/client-address.ts"

const proxies = addressList(["10.0.0.0/8", "127.0.0.1/32", "fd00::/8", "::1"])
const from = (peer: string | null, forwarded?: string) =>
  clientAddress(new Headers(forwarded ? { "X-Forwarded-For": forwarded } : {}), peer, proxies)

test("a peer that is no proxy is believed over what it claims", () => {
  expect(from("192.0.2.1", "6.6.6.6")).toBe("192.0.2.1")
})

test("behind proxies it is the right-most hop that is none", () => {
  expect(from("10.0.0.1", "203.0.113.7")).toBe("203.0.113.7")
  expect(from("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2")).toBe("203.0.113.7")
  expect(from("fd00::1", "2001:db8::5")).toBe("2001:db8::5")
})

test("a proxy without the header, or with only proxies in it, is the client itself", () => {
  expect(from("10.0.0.1")).toBe("10.0.0.1")
  expect(from("10.0.0.1", "10.0.0.3, 10.0.0.2")).toBe("10.0.0.3")
})

test("what is no address ends the chain", () => {
  expect(from("10.0.0.1", "203.0.113.7, unknown")).toBe("10.0.0.1")
  expect(from("10.0.0.1", "203.0.113.7, , 10.0.0.2")).toBe("10.0.0.2")
  expect(from("10.0.0.1", "x".repeat(100_000))).toBe("10.0.0.1")
})

test("ports, brackets and mapped addresses are undressed", () => {
  expect(from("::ffff:10.0.0.1", "203.0.113.7:4711")).toBe("203.0.113.7")
  expect(from("::ffff:192.0.2.1")).toBe("192.0.2.1")
  expect(from("10.0.0.1", "[2001:db8::5]:443")).toBe("2001:db8::5")
})

test("a Unix socket is a local proxy", () => {
  expect(from(null, "203.0.113.7")).toBe("203.0.113.7")
  expect(from(null)).toBe("")
})

test("a network that is none is a mistake of the configuration", () => {
  expect(() => addressList(["banana"])).toThrow('"banana"')
  expect(() => addressList(["10.0.0.0/99"])).toThrow()
})
