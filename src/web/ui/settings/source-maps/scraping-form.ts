import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { seal } from "#platform/seal.ts"
import { SCRAPING_TOKEN_PURPOSE } from "#projects/scraping.ts"
import type { ProjectSettings } from "#projects/settings.ts"
import type { FormData } from "../../form-data.ts"
import type { ScrapingState } from "./scraping-card.tsx"

/** What a header can carry. */
const TOKEN = /^[\x21-\x7e]{1,200}$/

export const scrapingState = (
  { config }: Pick<App, "config">,
  { scraping, allowedDomains }: ProjectSettings,
): ScrapingState => ({
  isAllowed: config["sourcemaps.scrape"],
  isOn: scraping.isOn,
  hasToken: scraping.sealedToken !== "",
  domains: allowedDomains,
})

/** The settings as the form has them; throws invalid when the token cannot be one. */
export function readScrapingForm(
  { config }: Pick<App, "config">,
  before: ProjectSettings["scraping"],
  form: FormData,
): ProjectSettings["scraping"] {
  const isOn = form.isChecked("isOn")
  const token = form.text("token")
  if (token === "") {
    return { isOn, sealedToken: form.isChecked("dropToken") ? "" : before.sealedToken }
  }
  if (!TOKEN.test(token)) {
    const message = "Up to 200 letters, digits and signs, without blanks."
    throw new AppError("invalid", message, { field: "token" })
  }
  const sealed = seal(config["system.secret-key"], SCRAPING_TOKEN_PURPOSE, Buffer.from(token))
  return { isOn, sealedToken: Buffer.from(sealed).toString("base64") }
}
