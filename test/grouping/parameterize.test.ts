import { describe, expect, test } from "bun:test"
import { firstTwoLines, stableMessage } from "#grouping/message.ts"
import { parameterize } from "#grouping/parameterize.ts"
import { effortOf } from "../support/effort.ts"

test.each([
  ["mail to bob.roe@shop.example bounced", "mail to <email> bounced"],
  ["POST https://api.shop.example/v2/pay?id=9 -> 502", "POST <url> -> <int>"],
  ["tcp://192.0.2.1:6379 refused.", "<url> refused."],
  ["no route to cache2.shop.com", "no route to <hostname>"],
  ["cannot import pay.py", "cannot import pay.py"],
  ["peer 192.0.2.7 left", "peer <ip> left"],
  ["peer 2001:db8::7 left", "peer <ip> left"],
  ["peer ::ffff:192.0.2.7 left", "peer <ip> left"],
  ["std::vector<int> is empty", "std::vector<int> is empty"],
  ["task 0b7e6f0a-1c2d-4e3f-8a9b-0c1d2e3f4a5b died", "task <uuid> died"],
  ["object a94a8fe5ccb19ba61c4c0873d391e987982fbbd3", "object <sha1>"],
  ["etag 9e107d9d372bb6826bd81d3542a419d6", "etag <md5>"],
  ["trace 00-1af7651916cd43dd8448eb211c80319c-a7ad6b7169203331-00", "trace <traceparent>"],
  ["from 2026-03-01T07:08:09Z on", "from <date> on"],
  ["from 2026-03-01 07:08:09.123 on", "from <date> on"],
  ["on 2026-03-01", "on <date>"],
  ["at 23:08:09 o'clock", "at <date> o'clock"],
  ["at 3:04 PM", "at <date>"],
  ["Mon, 02 Mar 2026 15:04:05 GMT", "<date>"],
  ["at 41:99:99", "at <int>:<int>:<int>"],
  ["2026-03-42", "<int>-<int>-<int>"],
  ["after 250ms", "after <duration>"],
  ["after 2.5s of 30s", "after <duration> of <duration>"],
  ["at 0xCAFEBABE", "at <hex>"],
  ["key cafebabe", "key <hex>"],
  ["key cafebab", "key cafebab"],
  ["commit b1c2d3e", "commit <git_sha>"],
  ["7654321 rows", "<int> rows"],
  ["87654321 rows", "<hex> rows"],
  ["load 0.93", "load <float>"],
  ["version 4.5.6", "version <int>.<int>.<int>"],
  ["worker-12 gone", "worker-<int> gone"],
  ["a1b2c3 and xyz123", "<hex> and xyz123"],
  ["dx=-17 worker-17", "dx=<int> worker-<int>"],
  ["name='ann' paid=true", "name=<quoted_str> paid=<bool>"],
  ["name = 'ann' paid = true", "name = 'ann' paid = true"],
  ['{"a": "b"}', '{"a": "b"}'],
  ["7,654,321 rows", "<int>,<int>,<int> rows"],
  ["utf-8", "utf-<int>"],
  ["nic 00:1b:44:11:3a:b7 down", "nic <mac_addr> down"],
  ["plain words only", "plain words only"],
])("%j is %j", (message, expected) => {
  expect(parameterize(message)).toBe(expected)
})

test("a text of more than 8192 characters stays as it is", () => {
  const long = "1 ".repeat(5000)
  expect(parameterize(long)).toBe(long)
})

describe("the first two lines", () => {
  test.each([
    ["one", "one"],
    ["one\ntwo", "one\ntwo"],
    ["one\ntwo\nthree", "one\ntwo..."],
    ["\n\none\r\n\r\ntwo", "one\ntwo..."],
    ["one\n", "one..."],
    ["", ""],
  ])("of %j are %j", (message, expected) => {
    expect(firstTwoLines(message)).toBe(expected)
  })

  test("are cut before numbers are replaced", () => {
    expect(stableMessage("item 1\nitem 2\nitem 3")).toBe("item <int>\nitem <int>...")
  })
})

test.each([
  ["letters before an at sign", `${"a".repeat(8000)}@`],
  ["labels", "a.".repeat(4000)],
  ["colons", "1:".repeat(4000)],
  ["quotes", "='".repeat(4000)],
  ["schemes", "a://".repeat(2000)],
  ["months", "Mon Jan ".repeat(1000)],
  ["open calls", "datetime.datetime(".repeat(450)],
])("8000 characters of %s take no time", (_name, text) => {
  expect(effortOf(() => parameterize(`${text}1`))).toBeLessThan(200)
})
