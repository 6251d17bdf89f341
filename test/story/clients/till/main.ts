import * as Sentry from "@sentry/browser"
import { checkout } from "./basket.ts"

// The test serves settings.json beside the page.
type Settings = { dsn: string; release?: string; dist?: string }

async function openTill() {
  const settings = (await (await fetch("/settings.json")).json()) as Settings
  Sentry.init(settings)
  try {
    checkout([{ name: "pear", price: 3 }])
  } catch (error) {
    const eventId = Sentry.captureException(error)
    await Sentry.flush(10_000)
    document.title = `sent ${eventId}`
  }
}

void openTill()
