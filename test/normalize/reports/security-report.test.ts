import { expect, test } from "bun:test"
import { groupEvent } from "#grouping/group.ts"
import { titleOf } from "#grouping/title.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { normalizeEvent } from "#normalize/normalize.ts"
import { securityEvent } from "#normalize/reports/security-report.ts"

const SOURCE = { release: "shop@1", environment: "staging", userAgent: "Mozilla/5.0 (X11)" }

function eventOf(report: Record<string, unknown>) {
  const raw = securityEvent(report, SOURCE)
  if ("fault" in raw) throw new Error(String(raw.fault))
  return normalizeEvent(raw, {
    eventId: "a".repeat(32),
    receivedAt: new Date("2026-01-01T00:00:00Z"),
    clientAddress: "192.0.2.1",
  })
}

/** A violation as older browsers send it. */
const csp = (members: Record<string, unknown>) =>
  eventOf({ "csp-report": { "document-uri": "https://e.example/page", ...members } })

/** What people see of it. */
function namesOf(event: ReturnType<typeof eventOf>) {
  const { title, culprit } = titleOf(event, null)
  return { title, culprit, tags: Object.fromEntries(tagsOf(event)) }
}

test("a blocked image names what was blocked, the policy, and the address", () => {
  const event = csp({
    "violated-directive": "img-src 'self'",
    "blocked-uri": "https://evil.example/x.png",
    referrer: "https://search.example/",
  })
  expect(namesOf(event)).toMatchObject({
    title: "Blocked 'image' from 'evil.example'",
    culprit: "img-src 'self'",
    tags: {
      "effective-directive": "img-src",
      "blocked-uri": "https://evil.example/x.png",
      "blocked-host": "evil.example",
      environment: "staging",
      release: "shop@1",
      url: "https://e.example/page",
      logger: "csp",
    },
  })
  expect(event).toMatchObject({
    type: "csp",
    level: "error",
    platform: "other",
    logger: "csp",
    user: { ip_address: "192.0.2.1" },
    request: {
      url: "https://e.example/page",
      headers: expect.arrayContaining([
        ["Referer", "https://search.example/"],
        ["User-Agent", "Mozilla/5.0 (X11)"],
      ]),
    },
  })
  expect(event.errors).toBeUndefined()
})

test("the Reporting API's spelling is the same event", () => {
  const old = csp({
    "effective-directive": "script-src-elem",
    "blocked-uri": "https://a.example/x.js",
  })
  const body = {
    documentURL: "https://e.example/page",
    effectiveDirective: "script-src-elem",
    blockedURL: "https://a.example/x.js",
  }
  const batch = eventOf({ type: "csp-violation", age: 7, url: "https://e.example/page", body })
  expect(namesOf(batch)).toEqual(namesOf(old))
  expect(groupEvent(batch).hashes).toEqual(groupEvent(old).hashes)
})

test.each([
  [{ "violated-directive": "style-src" }, "Blocked inline 'style'"],
  [
    { "violated-directive": "script-src 'unsafe-inline'", "blocked-uri": "self" },
    "Blocked unsafe inline 'script'",
  ],
  [
    { "effective-directive": "script-src", "blocked-uri": "eval" },
    "Blocked unsafe eval() 'script'",
  ],
  [{ "effective-directive": "img-src", "blocked-uri": "data" }, "Blocked 'image' from 'data:'"],
  [
    { "effective-directive": "form-action", "blocked-uri": "https://b.example/" },
    "Blocked 'form' action to 'b.example'",
  ],
])("%j is “%s”", (members, title) => {
  expect(namesOf(csp(members)).title).toBe(title)
})

test("the page's own host is 'self' in the culprit, whatever it is called", () => {
  const culprit = (violated: string) =>
    namesOf(csp({ "violated-directive": violated, "blocked-uri": "https://x.example" })).culprit
  expect(culprit("img-src https://e.example data: https://cdn.example 'none'")).toBe(
    "img-src 'self' data: https://cdn.example 'none'",
  )
  expect(culprit("img-src e.example cdn.example")).toBe("img-src 'self' cdn.example")
})

test("what a payment service puts into its addresses is cut off", () => {
  const uri = "https://api.stripe.com/v1/tokens?card=4242#x"
  const event = csp({ "effective-directive": "connect-src", "blocked-uri": uri })
  expect(JSON.stringify(event)).not.toContain("4242")
  expect(namesOf(event).tags["blocked-uri"]).toBe("https://api.stripe.com/v1/tokens")
})

test.each([
  ["expect-ct-report", "Expect-CT failed for 'e.example'", { hostname: "e.example", port: "443" }],
  ["expect-staple-report", "Expect-Staple failed for 'e.example'", { cert_status: "REVOKED" }],
])("%s names its host", (kind, title, tags) => {
  const report = { hostname: "e.example", port: 443, "cert-status": "REVOKED" }
  const event = eventOf({ [kind]: { ...report, "date-time": "2026-01-01T00:00:00Z" } })
  expect(namesOf(event)).toMatchObject({ title, culprit: "e.example", tags })
})

test("a broken pin names its host", () => {
  const event = eventOf({ hostname: "e.example", "known-pins": [], "include-subdomains": true })
  expect(namesOf(event)).toMatchObject({
    title: "Public key pinning validation failed for 'e.example'",
    tags: { hostname: "e.example", "include-subdomains": "true" },
  })
})

test("what is no report, or one without sense, is told apart", () => {
  const fault = (report: Record<string, unknown>) => securityEvent(report, SOURCE)
  expect(fault({ hello: 1 })).toEqual({ fault: "security_report_type" })
  const broken = { fault: "security_report" }
  expect(fault({ "csp-report": null })).toEqual(broken)
  expect(fault({ "csp-report": { "effective-directive": "made-up" } })).toEqual(broken)
  expect(fault({ type: "csp-violation" })).toEqual(broken)
  expect(fault({ "expect-ct-report": { port: 1 } })).toEqual(broken)
  expect(fault({ "expect-ct-report": { hostname: "h", "date-time": "yesterday" } })).toEqual(broken)
})
