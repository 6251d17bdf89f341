// A shop in Bun whose error has a cause. argv: DSN, release, environment.
import * as Sentry from "@sentry/bun"

const [, , dsn, release = "shop@1.0.0", environment = "production"] = process.argv
const shown = {}
Sentry.init({
  dsn,
  release,
  environment,
  serverName: "bun-1",
  beforeSend(event) {
    shown.eventId = event.event_id
    return event
  },
})
Sentry.setUser({ id: "42", username: "ann" })
Sentry.setTag("shop.region", "eu")
Sentry.addBreadcrumb({ category: "cart", message: "added 3 lines", level: "info" })
Sentry.setContext("cart", { lines: 3 })

async function reserveStock(lines) {
  await Promise.resolve()
  const missing = lines.find(({ stock }) => stock === 0)
  throw new RangeError(`nothing left of ${missing.sku}`, { cause: new Error("the shelf is empty") })
}

try {
  await reserveStock([{ sku: "A-1", stock: 0 }])
} catch (error) {
  Sentry.captureException(error, { level: "fatal" })
  await Sentry.flush(10_000)
  console.log(JSON.stringify(shown))
}
