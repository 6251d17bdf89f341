import { z } from "zod"

/** Whether scripts and maps that nobody uploaded are fetched from the web. Only where the instance allows it. */
export const scrapingSchema = z.object({
  isOn: z.boolean().catch(false),
  /** Tells the project's own servers who asks; sealed, base64. "" = none. */
  sealedToken: z.string().max(2000).catch(""),
})

export const SCRAPING_TOKEN_PURPOSE = "scraping-token"
