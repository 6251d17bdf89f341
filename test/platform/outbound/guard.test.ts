import { expect, test } from "bun:test"
import { createGuard } from "#platform/outbound/guard.ts"

const guard = createGuard({
  allowedIps: ["10.9.0.0/16"],
  disallowedIps: ["93.184.216.0/24"],
  allowedPorts: ["80", "443"],
  ownHosts: ["sentry.example.com"],
})

test("only addresses of the public internet are permitted, however an IPv4 address is wrapped", () => {
  const forbidden = [
    ...["127.0.0.1", "0.0.0.0", "10.1.2.3", "100.64.0.1", "169.254.169.254", "172.16.0.1"],
    ...["192.168.1.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "203.0.113.9"],
    ...["::", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "fe80::1", "fe80::1%lo"],
    ...["fc00::1", "fd00:ec2::254", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::"],
    ...["2001::1", "2001:db8::1", "100::1", "fec0::1", "93.184.216.34", "no address", ""],
  ]
  expect(forbidden.filter((address) => guard.permits(address))).toEqual([])
  const permitted = ["1.1.1.1", "172.32.0.1", "2606:4700:4700::1111", "10.9.8.7"]
  expect(permitted.filter((address) => !guard.permits(address))).toEqual([])
})

test("other schemes, ports and users are refused, and this installation itself", () => {
  const against = (address: string) => guard.against(new URL(address))
  expect(against("https://cdn.example/a.js")).toBeNull()
  expect(against("ftp://cdn.example/a.js")).toContain("only http and https")
  expect(against("file:///etc/passwd")).toContain("only http and https")
  expect(against("http://cdn.example:6379/")).toContain("port 6379")
  expect(against("http://cdn.example:443/")).toBeNull()
  expect(against("http://cdn.example@127.0.0.1/")).toContain("user name")
  expect(against("http://:secret@cdn.example/")).toContain("user name")
  expect(against("https://SENTRY.example.com./x")).toContain("this installation")
})
