import type { Browser, Page } from "playwright-core"
import { ANN } from "./acme.ts"

export type WatchedPage = {
  page: Page
  /** What no page of ours may do: dialogs, script errors, breaches of the policy, requests to others. */
  complaints: string[]
}

/** A page of a browser in which Ann is signed in. */
export async function signIn(browser: Browser, url: string): Promise<WatchedPage> {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`))
  page.on("console", (message) => {
    if (/content security policy|refused to/i.test(message.text())) complaints.push(message.text())
  })
  page.on("request", (request) => {
    if (!request.url().startsWith(url)) complaints.push(`request: ${request.url()}`)
  })
  await page.goto(`${url}/auth/login/`)
  await page.getByLabel("E-mail").fill(ANN.email)
  await page.getByLabel("Password").fill(ANN.password)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.waitForURL("**/organizations/acme/**")
  return { page, complaints }
}

/** What no page of ours holds: inline scripts and handlers, pictures from elsewhere, addresses that are scripts. */
export function foreignMarkup(shown: Page): Promise<string[]> {
  return shown.evaluate(() => {
    const found = [...document.querySelectorAll("*")].filter(
      (element) =>
        (element.tagName === "SCRIPT" &&
          !element.getAttribute("src") &&
          element.getAttribute("type") !== "application/json") ||
        element.getAttribute("src") === "x" ||
        [...element.attributes].some(
          ({ name, value }) =>
            name.startsWith("on") ||
            (["href", "src", "action", "formaction"].includes(name) &&
              /^\s*(javascript|data:text)/i.test(value)),
        ),
    )
    const isPwned = "pwned" in window ? ["a script ran"] : []
    return [...found.map((element) => element.outerHTML.slice(0, 200)), ...isPwned]
  })
}
