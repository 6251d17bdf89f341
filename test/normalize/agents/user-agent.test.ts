import { describe, expect, test } from "bun:test"
import { readUserAgent } from "#normalize/agents/user-agent.ts"
import { normalized } from "../given.ts"

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.6478.61 Safari/537.36"
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"

describe("a user agent", () => {
  test.each([
    [CHROME, "Chrome 126.0.6478", "Windows >=10", null],
    [IPHONE, "Mobile Safari 17.5", "iOS 17.5", "iPhone, iPhone, Apple"],
    [
      "Mozilla/5.0 (Linux; Android 13; SM-S901B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/112.0.0.0 Mobile Safari/537.36",
      "Chrome Mobile 112.0.0",
      "Android 13",
      "Samsung SM-S901B, SM-S901B, Samsung",
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
      "Safari 17.4",
      "Mac OS X >=10.15.7",
      "Mac, Mac, Apple",
    ],
    [
      "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/115.0",
      "Firefox 115.0",
      "Ubuntu",
      null,
    ],
    [
      "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
      "IE 9.0",
      "Windows 7",
      null,
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36 Edg/125.0.2535.51",
      "Edge 125.0.2535",
      "Windows >=10",
      null,
    ],
    ["curl/8.5.0", "curl 8.5.0", null, null],
    ["my own thing", null, null, null],
    ["", null, null, null],
  ])("%s is told apart", (text, browser, os, device) => {
    const agent = readUserAgent(text)
    const spelled = (named: { name: string; version?: string } | null) =>
      named && [named.name, named.version].filter(Boolean).join(" ")
    expect(spelled(agent.browser)).toBe(browser)
    expect(spelled(agent.os)).toBe(os)
    const { family, model, brand } = agent.device ?? {}
    expect(agent.device && [family, model, brand].join(", ")).toBe(device)
  })
})

describe("contexts of the browser", () => {
  const request = (headers: Record<string, unknown>) => ({ request: { headers } })
  const contextsOf = (raw: object, platform = "javascript") =>
    normalized({ platform, ...raw }).contexts

  test("are browser, os and device in an event of the browser itself", () => {
    expect(contextsOf(request({ "user-agent": IPHONE }))).toEqual({
      browser: { type: "browser", name: "Mobile Safari", version: "17.5" },
      os: { type: "os", name: "iOS", version: "17.5" },
      device: { type: "device", family: "iPhone", model: "iPhone", brand: "Apple" },
    })
  })

  test("call the system client_os in an event of a server", () => {
    const contexts = contextsOf(request({ "User-Agent": CHROME }), "python")
    expect(contexts?.client_os).toEqual({ type: "client_os", name: "Windows", version: ">=10" })
    expect(contexts).not.toHaveProperty("os")
  })

  test("leave those alone that the event has", () => {
    const own = { browser: { name: "Mine" }, os: { name: "Plan 9" } }
    const contexts = contextsOf({ contexts: own, ...request({ "User-Agent": IPHONE }) })
    expect(contexts?.browser).toEqual({ type: "browser", name: "Mine" })
    expect(contexts?.os).toEqual({ type: "os", name: "Plan 9" })
    expect(contexts?.device).toMatchObject({ family: "iPhone" })
  })

  test("come from client hints before the user agent", () => {
    const contexts = contextsOf(
      request({
        "User-Agent": CHROME,
        "sec-ch-ua": '"Chromium";v="118", "Not=A?Brand";v="99", "Google Chrome";v="118"',
        "sec-ch-ua-platform": '"macOS"',
        "sec-ch-ua-platform-version": '"14.5.0"',
        "sec-ch-ua-model": '"Pixel 8"',
      }),
    )
    expect(contexts).toEqual({
      browser: { type: "browser", name: "Google Chrome", version: "118" },
      os: { type: "os", name: "macOS", version: "14.5.0" },
      device: { type: "device", model: "Pixel 8" },
    })
  })

  test.each([[{}], [{ "User-Agent": "" }], [{ "User-Agent": "???" }], [{ "Sec-Ch-Ua": ',;v=,"' }]])(
    "are none with %j",
    (headers) => {
      expect(contextsOf(request(headers))).toBeUndefined()
    },
  )
})
