import { describe, expect, test } from "bun:test"
import fc from "fast-check"
import { FILTERS } from "#normalize/filters/catalogue.ts"
import { filtersOf, judge, type Sender } from "#normalize/filters/judge.ts"
import { LEGACY_BROWSERS } from "#normalize/filters/legacy-browsers.ts"
import { defaultFilterSettings, type FilterSettings } from "#normalize/filters/settings.ts"
import { securityEvent } from "#normalize/reports/security-report.ts"
import { normalized } from "../given.ts"

/** The reason why such an event is dropped with these settings and no others, null when it stays. */
function reasonOf(raw: unknown, settings: Partial<FilterSettings>, sender: Sender = {}) {
  const filters = filtersOf({ ...OFF, ...settings })
  return judge(normalized(raw), filters, sender)?.filter ?? null
}

const OFF: FilterSettings = { ...defaultFilterSettings, cspDefaults: false, healthChecks: false }
const thrown = (type: string | undefined, value: string | undefined, frames?: object[]) => ({
  exception: { values: [{ type, value, ...(frames && { stacktrace: { frames } }) }] },
})
const from = (agent: string) => ({ message: "x", request: { headers: { "user-agent": agent } } })
const at = (url: string, headers: Record<string, string> = {}) => ({ request: { url, headers } })

describe("localhost", () => {
  test.each([
    [at("http://localhost:3000/"), true],
    [at("https://shop.localhost/a?b#c"), true],
    [at("http://127.0.0.1:8080"), true],
    [at("http://[::1]:8080/"), true],
    [at("file:///home/ann/index.html"), true],
    [{ user: { ip_address: "127.0.0.1" } }, true],
    [{ user: { ip_address: "::1" } }, true],
    [at("https://shop.test/", { "X-Forwarded-For": "127.0.0.1" }), true],
    [{ request: { headers: { Host: "localhost:8000" } } }, true],
    [{ request: { headers: { "X-Forwarded-Host": "a.localhost" } } }, true],
    [at("https://shop.test/", { Host: "localhost" }), false],
    [at("https://localhost.shop.test/"), false],
    [at("http://notlocalhost/"), false],
    [at("/localhost"), false],
    [{ user: { ip_address: "127.0.0.2" } }, false],
    [{ message: "localhost" }, false],
  ])("%j: %p", (raw, isDropped) => {
    expect(reasonOf(raw, { localhost: true })).toBe(isDropped ? "localhost" : null)
    expect(reasonOf(raw, {})).toBeNull()
  })
})

describe("browser extensions", () => {
  const frame = (path: string) => ({ abs_path: path, filename: path, function: "f", lineno: 1 })
  test.each([
    [
      thrown("Error", "x", [frame("https://shop.test/a.js"), frame("chrome-extension://x/y.js")]),
      true,
    ],
    [thrown("Error", "x", [frame("safari-web-extension://x/y.js"), frame("<anonymous>")]), true],
    [thrown("Error", "x", [frame("moz-extension://x/y.js"), frame("[native code]")]), true],
    [thrown("Error", "x", [frame("https://connect.facebook.net/en_US/sdk.js")]), true],
    [thrown("TypeError", "TOP.globals is undefined"), true],
    [thrown("Error", "Extension context invalidated."), true],
    [thrown("ReferenceError", "Can't find variable: ZiteReader"), true],
    [
      thrown("Error", "x", [frame("chrome-extension://x/y.js"), frame("https://shop.test/a.js")]),
      false,
    ],
    [thrown("Error", "x", [frame("https://shop.test/chrome-extension://")]), false],
    [
      {
        exception: {
          values: [
            { type: "A", value: "x" },
            { type: "B", value: "conduitPage" },
          ],
        },
      },
      false,
    ],
    [{ message: "conduitPage" }, false],
  ])("%j: %p", (raw, isDropped) => {
    expect(reasonOf(raw, { browserExtensions: true })).toBe(isDropped ? "browser-extensions" : null)
  })
})

describe("web crawlers", () => {
  test.each([
    ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", true],
    ["Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", true],
    ["Mozilla/5.0 (compatible; bingbot/2.0)", true],
    ["SomeNewBot/1.0", true],
    ["facebookexternalhit/1.1", true],
    ["Mozilla/5.0 (compatible; Bytespider; x)", true],
    ["Slackbot 1.0 (+https://api.slack.com/robots)", false],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", false],
    ["Cubot_Note", false],
    ["", false],
  ])("%s: %p", (agent, isDropped) => {
    expect(reasonOf(from(agent), { webCrawlers: true })).toBe(isDropped ? "web-crawlers" : null)
  })
})

/** The engine's version, four less than the browser's, counts before the one that it pretends. */
const ie = (version: string) =>
  `Mozilla/5.0 (compatible; MSIE ${version}; Windows NT 6.1; Trident/${Number(version) - 4}.0)`
const IE_11 = "Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) like Gecko"
const safari = (version: string) =>
  `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Safari/605.1.15`
const chrome = (version: string) =>
  `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version} Safari/537.36`
const firefox = (version: string) =>
  `Mozilla/5.0 (X11; Linux x86_64; rv:${version}) Gecko/20100101 Firefox/${version}`
const edge = (version: string) => `${chrome("110.0.0.0")} Edg/${version}`
const OLD_EDGE = `${chrome("64.0.3282.140")} Edge/18.17763`
const ANDROID_2 =
  "Mozilla/5.0 (Linux; U; Android 2.3.5; en-us; HTC Vision) AppleWebKit/533.1 (KHTML, like Gecko) Version/4.0 Mobile Safari/533.1"
const OPERA_12 = "Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18"
const OPERA_MINI_7 =
  "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1.32052/29.3709; U; en) Presto/2.8.119 Version/11.10"
const IE_MOBILE_9 =
  "Mozilla/5.0 (compatible; MSIE 9.0; Windows Phone OS 7.5; Trident/5.0; IEMobile/9.0; NOKIA; Lumia 710)"

describe("legacy browsers", () => {
  test.each([
    ["default", ie("9.0"), true],
    ["default", ie("10.0"), false],
    ["default", IE_11, false],
    ["default", IE_MOBILE_9, true],
    ["default", safari("5.1"), true],
    ["default", safari("6.0"), false],
    ["default", OPERA_12, true],
    ["default", ANDROID_2, true],
    ["default", OPERA_MINI_7, true],
    ["default", chrome("12.0"), false],
    ["ie_pre_9", ie("8.0"), true],
    ["ie_pre_9", ie("9.0"), false],
    ["ie9", ie("9.0"), true],
    ["ie9", ie("8.0"), false],
    ["ie10", ie("10.0"), true],
    ["ie11", IE_11, true],
    ["ie11", ie("10.0"), false],
    ["opera_pre_15", OPERA_12, true],
    ["opera_mini_pre_8", OPERA_MINI_7, true],
    ["android_pre_4", ANDROID_2, true],
    ["safari_pre_6", safari("5.1"), true],
    ["edge_pre_79", OLD_EDGE, true],
    ["edge_pre_79", edge("79.0.309.43"), false],
    ["ie", IE_11, true],
    ["edge", edge("110.0.1587.41"), true],
    ["edge", edge("111.0.1661.41"), false],
    ["safari", safari("15.6"), true],
    ["safari", safari("16.1"), false],
    ["firefox", firefox("110.0"), true],
    ["firefox", firefox("111.0"), false],
    ["chrome", chrome("110.0.0.0"), true],
    ["chrome", chrome("111.0.0.0"), false],
    ["opera", OPERA_12, true],
    ["android", ANDROID_2, true],
    ["opera_mini", OPERA_MINI_7, true],
    ["no_such_line", ie("6.0"), false],
    ["default", "curl/8.0", false],
  ])("%s, %s: %p", (id, agent, isDropped) => {
    expect(reasonOf(from(agent), { legacyBrowsers: [id] })).toBe(
      isDropped ? "legacy-browsers" : null,
    )
  })

  test("every line is one of those above", () => {
    expect(new Set(LEGACY_BROWSERS.map(({ id }) => id)).size).toBe(18)
  })
})

describe("lists of a project", () => {
  test.each([
    [["*Script error*"], thrown("Error", "Script error."), true],
    [["TypeError: *"], thrown("TypeError", "x is not a function"), true],
    [["TypeError"], thrown("TypeError", ""), true],
    [["x is not *"], thrown(undefined, "x is not a function"), true],
    [["paid 5 *"], { logentry: { message: "paid %s euros", params: ["5"] } }, true],
    [
      ["*second*"],
      {
        exception: {
          values: [
            { type: "A", value: "1" },
            { type: "B", value: "second" },
          ],
        },
      },
      true,
    ],
    [["Script error"], thrown("Error", "Script error."), false],
    [["a[b", "{", "\\"], thrown("Error", "a[b"), false],
  ])("error messages %j against %j: %p", (errorMessages, raw, isDropped) => {
    expect(reasonOf(raw, { errorMessages })).toBe(isDropped ? "error-message" : null)
  })

  test.each([
    [["shop@1.*"], { release: "shop@1.4.0" }, true],
    [["SHOP@1.*"], { release: "shop@1.4.0" }, true],
    [["1.*"], { release: "shop@1.4.0" }, false],
    [["*"], { message: "without a release" }, false],
  ])("releases %j against %j: %p", (releases, raw, isDropped) => {
    expect(reasonOf(raw, { releases })).toBe(isDropped ? "release-version" : null)
  })

  test.each([
    [["10.0.0.0/8"], "10.1.2.3", true],
    [["10.0.0.0/8"], "11.1.2.3", false],
    [["192.0.2.7"], "192.0.2.7", true],
    [["2001:db8::/32"], "2001:db8:1::7", true],
    [["2001:db8::/32"], "2001:db9::7", false],
    [["::1"], "::1", true],
    [["0.0.0.0/0"], "::1", false],
    [["banana", "10.0.0.0/", "10.0.0.0/99", "10.0.0.0/8/8"], "10.1.2.3", false],
    [["banana", "10.0.0.0/8"], "10.1.2.3", true],
    [["10.0.0.0/8"], "", false],
  ])("addresses %j against %s: %p", (clientAddresses, clientAddress, isDropped) => {
    const raw = { message: "x", user: { ip_address: "198.51.100.1" } }
    expect(reasonOf(raw, { clientAddresses }, { clientAddress })).toBe(
      isDropped ? "ip-address" : null,
    )
  })

  test("the user's own address is not the sender's", () => {
    const raw = { message: "x", user: { ip_address: "10.1.2.3" } }
    const sender = { clientAddress: "192.0.2.1" }
    expect(reasonOf(raw, { clientAddresses: ["10.0.0.0/8"] }, sender)).toBeNull()
  })
})

describe("known errors", () => {
  test.each([
    [thrown("ChunkLoadError", "Loading chunk 3 failed."), true],
    [thrown("Error", "Loading chunk 3 failed."), true],
    [thrown("Error", "Failed to load chunk /_next/static/chunks/1.js"), true],
    [thrown("Error", "Uncaught (in promise): ChunkLoadError: Loading chunk 7 failed."), true],
    [thrown("Error", "Uncaught ChunkLoadError: Loading chunk 7 failed."), true],
    [thrown("Error", "while Loading chunk 3"), false],
    [{ message: "ChunkLoadError" }, false],
  ])("chunk load errors, %j: %p", (raw, isDropped) => {
    expect(reasonOf(raw, { chunkLoadErrors: true })).toBe(isDropped ? "chunk-load-error" : null)
  })

  const minified = (number: number) =>
    thrown(
      "Error",
      `Minified React error #${number}; visit https://react.dev/errors/${number} for it`,
    )
  test.each([
    ...[418, 419, 421, 422, 423, 425].map((number) => [minified(number), true] as const),
    [thrown("Error", "see https://reactjs.org/docs/error-decoder.html?invariant=418&args=x"), true],
    [minified(420), false],
    [minified(4180), false],
    [thrown("Error", "418"), false],
  ])("hydration errors, %j: %p", (raw, isDropped) => {
    const reason = reasonOf(raw, { reactHydrationErrors: true })
    expect(reason).toBe(isDropped ? "react-hydration-errors" : null)
  })
})

describe("health checks", () => {
  test.each([
    ["GET /health", true],
    ["/api/healthz/", true],
    ["/_health", true],
    ["/[_health]/", true],
    ["shop.views.HealthCheckView", true],
    ["celery.heartbeat", true],
    ["/v1/READY", true],
    ["/signup", false],
    ["/healthcare", false],
    ["health", false],
  ])("%s: %p", (transaction, isDropped) => {
    const sender = { isTransaction: true }
    const reason = reasonOf({ transaction }, { healthChecks: true }, sender)
    expect(reason).toBe(isDropped ? "filtered-transaction" : null)
    expect(reasonOf({ transaction }, { healthChecks: true })).toBeNull()
  })
})

describe("sources of reports about a policy", () => {
  const report = (blocked: string, file = "") =>
    securityEvent(
      {
        "csp-report": {
          "document-uri": "https://shop.test/",
          "violated-directive": "script-src 'self'",
          "blocked-uri": blocked,
          "source-file": file,
        },
      },
      { release: undefined, environment: undefined, userAgent: "" },
    )
  const BUILT_IN = { cspDefaults: true }
  test.each([
    ["chrome-extension://abc/x.js", "", true],
    // What browsers tell today: the scheme alone.
    ["chrome-extension", "", true],
    ["about", "", true],
    ["about:blank", "", true],
    ["https://a.b.superfish.com/x", "", true],
    ["https://superfish.com/x", "", true],
    ["https://evil.test/x", "moz-extension://abc/y.js", true],
    ["https://evil.test/x", "http://localhost:3000/y.js", true],
    ["https://evil.test/x", "", false],
    ["self", "", false],
    ["inline", "", false],
    ["data", "", false],
  ])("%s in %s: %p", (blocked, file, isDropped) => {
    expect(reasonOf(report(blocked, file), BUILT_IN)).toBe(isDropped ? "invalid-csp" : null)
    expect(reasonOf(report(blocked, file), {})).toBeNull()
  })

  test("a project adds its own, by domain, scheme and port", () => {
    const own = { cspSources: ["*.ads.test", "ws://*", "https://cdn.test:8443"] }
    for (const dropped of ["https://x.ads.test/a", "ws://any.test/", "https://cdn.test:8443/a"]) {
      expect([dropped, reasonOf(report(dropped), own)]).toEqual([dropped, "invalid-csp"])
    }
    for (const kept of ["https://ads.test.evil/", "https://cdn.test/a", "http://cdn.test:8443/"]) {
      expect([kept, reasonOf(report(kept), own)]).toEqual([kept, null])
    }
  })
})

test("a new project drops nothing but what browsers' own pages and extensions report", () => {
  const filters = filtersOf(defaultFilterSettings)
  const noisy = {
    ...thrown("ChunkLoadError", "Script error.", [{ abs_path: "chrome-extension://x" }]),
    release: "1.0",
    transaction: "/health",
    request: { url: "http://localhost/", headers: { "User-Agent": "Googlebot/2.1" } },
  }
  expect(judge(normalized(noisy), filters, { clientAddress: "10.1.2.3" })).toBeNull()
  const verdict = judge(normalized({ csp: { blocked_uri: "about" } }), filters)
  expect(verdict).toEqual({ filter: "invalid-csp", rule: "about", found: "about" })
})

const EVERYTHING: FilterSettings = {
  chunkLoadErrors: true,
  reactHydrationErrors: true,
  cspDefaults: true,
  cspSources: [],
  clientAddresses: ["10.0.0.0/8"],
  releases: ["1.*"],
  errorMessages: ["*Script error*"],
  localhost: true,
  browserExtensions: true,
  legacyBrowsers: ["default"],
  webCrawlers: true,
  healthChecks: true,
}

test("the first filter that matches gives the reason, and says what matched", () => {
  const filters = filtersOf(EVERYTHING)
  const event = normalized({
    ...thrown("Error", "Script error."),
    release: "1.0",
    request: { url: "http://localhost/" },
  })
  expect(judge(event, filters, { clientAddress: "10.1.2.3" })).toEqual({
    filter: "ip-address",
    rule: "10.0.0.0/8",
    found: "10.1.2.3",
  })
  const later = judge({ ...event, release: "2.0" }, filters)
  expect(later).toEqual({
    filter: "error-message",
    rule: "*Script error*",
    found: "Error: Script error.",
  })
  const last = judge(normalized({ request: { url: "http://localhost/" } }), filters)
  expect(last).toEqual({ filter: "localhost", found: "http://localhost/" })
})

const KEYS =
  "exception values type value stacktrace frames abs_path request url headers user ip_address csp blocked_uri source_file release logentry formatted message transaction User-Agent Host"
const json = fc.jsonValue({ maxDepth: 5 })
const member = fc.constantFrom(...KEYS.split(" "))
const nested = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    json,
    fc.constantFrom(
      "http://localhost",
      "file:",
      "http://[",
      "about",
      "Googlebot/2.1",
      "::1",
      "💩\ud800",
    ),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(member, tie("value"), { maxKeys: 6 }),
  ),
})).value

test("never throws, whatever the event, and answers with a filter there is", () => {
  const filters = filtersOf(EVERYTHING)
  const known = new Set<string>(FILTERS.map(({ id }) => id))
  fc.assert(
    fc.property(nested, fc.string(), fc.boolean(), (raw, clientAddress, isTransaction) => {
      const verdict = judge(normalized(raw), filters, { clientAddress, isTransaction })
      if (verdict) expect(known.has(verdict.filter)).toBe(true)
    }),
    { numRuns: 3_000 },
  )
})
