import { afterAll } from "bun:test"
import { type Browser, chromium } from "playwright-core"

/** Debian's Chromium, which the caller closes; the flags keep it from calling its makers' servers. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  })
}

/** The same, closed in afterAll. */
export async function startChromium(): Promise<Browser> {
  const browser = await launchChromium()
  afterAll(() => browser.close())
  return browser
}
