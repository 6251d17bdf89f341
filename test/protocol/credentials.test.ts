import { expect, test } from "bun:test"
import { readCredentials } from "#protocol/credentials.ts"
import { effortOf } from "../support/effort.ts"

const K1 = "0123456789abcdef0123456789abcdef"
const none = { sentryAuth: null, authorization: null, query: "" }
const read = (sources: Partial<typeof none> | Record<string, string>) =>
  readCredentials({ ...none, ...sources })

test("the header of a current SDK names key and client", () => {
  const sentryAuth = `Sentry sentry_key=${K1}, sentry_version=7, sentry_client=sentry.python/2.30.0`
  expect(read({ sentryAuth })).toEqual({ publicKey: K1, client: "sentry.python/2.30.0" })
})

test("headers of raven and java: other orders, no blanks, secrets, signatures", () => {
  for (const sentryAuth of [
    `Sentry sentry_version=7,sentry_client=sentry.java/8.1.0,sentry_key=${K1},sentry_secret=x`,
    `Sentry sentry_timestamp=1388770100.25, sentry_client=raven-python/5.0.0, sentry_version=5, sentry_key=${K1}, sentry_secret=99f0`,
    `Sentry sentry_timestamp=1340000000.5, sentry_signature=aa, sentry_client=raven/1.0.0, sentry_key=${K1}`,
  ]) {
    expect(read({ sentryAuth })).toMatchObject({ publicKey: K1 })
  }
})

test("the scheme's case, blanks around names and unknown names do not matter", () => {
  expect(read({ sentryAuth: `SENTRY sentry_key=${K1}` })).toMatchObject({ publicKey: K1 })
  expect(read({ sentryAuth: `Sentry sentry_key = ${K1} ,foo=bar` })).toMatchObject({
    publicKey: K1,
  })
  expect(read({ sentryAuth: `Sentry SENTRY_KEY=${K1}` })).toMatchObject({ publicKey: K1 })
})

test("Authorization may carry it, in Sentry's grammar or as Basic", () => {
  expect(read({ authorization: `Sentry sentry_key=${K1}` })).toMatchObject({ publicKey: K1 })
  const basic = `Basic ${Buffer.from(`${K1}:x`).toString("base64")}`
  expect(read({ authorization: basic })).toMatchObject({ publicKey: K1 })
})

test("headers of other schemes are ignored", () => {
  expect(read({ sentryAuth: "Bearer abc", authorization: "Bearer abc" })).toBe("missing")
})

test("the query is percent-decoded", () => {
  const query = `sentry_version=7&sentry_key=${K1}&sentry_client=sentry.javascript.browser%2F10.0.0`
  expect(read({ query })).toEqual({ publicKey: K1, client: "sentry.javascript.browser/10.0.0" })
})

test("a query with only a release claims nothing", () => {
  expect(read({ query: "sentry_release=1&sentry_environment=prod" })).toBe("missing")
})

test("two sources may agree, but not differ", () => {
  const query = `sentry_key=${K1}`
  expect(read({ sentryAuth: `Sentry sentry_key=${K1}`, query })).toMatchObject({ publicKey: K1 })
  const other = `Sentry sentry_key=${"f".repeat(32)}`
  expect(read({ sentryAuth: other, query })).toBe("several_keys")
})

test("a header without a key is refused", () => {
  expect(read({ sentryAuth: "Sentry sentry_version=7" })).toBe("no_public_key")
  expect(read({ sentryAuth: "Sentry" })).toBe("no_public_key")
})

test("versions: 2.0 and none are fine, 8 is not, text is broken", () => {
  const version = (text: string) =>
    read({ sentryAuth: `Sentry sentry_key=${K1}, sentry_version=${text}` })
  expect(version("2.0")).toMatchObject({ publicKey: K1 })
  expect(version("8")).toBe("unsupported_version")
  expect(version("x")).toBe("bad_version")
  expect(version("9".repeat(400))).toBe("bad_version")
})

test("a megabyte of commas or blanks costs milliseconds", () => {
  for (const filler of [",", " ", "=", ",="]) {
    const sentryAuth = `Sentry ${filler.repeat(500_000)}`
    expect(effortOf(() => read({ sentryAuth }))).toBeLessThan(1000)
  }
})
