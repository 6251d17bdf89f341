import { afterAll } from "bun:test"
import { type Browser, chromium } from "playwright-core"

/** Debian's Chromium; the flags keep it from calling its makers' servers. */
export async function startChromium(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  })
  afterAll(() => browser.close())
  return browser
}
