// A small shop that cannot divide: throws inside its own code, three calls deep. argv: DSN, release, environment.
import * as Sentry from "@sentry/node"

const [, , dsn, release = "shop@1.0.0", environment = "production"] = process.argv
Sentry.init({ dsn, release, environment, serverName: "node-1" })
Sentry.setUser({ id: "42", email: "ann@example.test" })
Sentry.setTag("shop.region", "eu")
Sentry.addBreadcrumb({ category: "cart", message: "added 3 lines", level: "info" })

function unitPrice(line) {
  return line.product.price / line.quantity
}

function renderTotal(lines) {
  return lines.map((line) => unitPrice(line)).reduce((sum, price) => sum + price, 0)
}

function checkout() {
  return renderTotal([{ quantity: 2, product: { price: 10 } }, { quantity: 1 }])
}

try {
  checkout()
} catch (error) {
  const eventId = Sentry.captureException(error)
  const flushed = await Sentry.flush(10_000)
  console.log(JSON.stringify({ eventId, flushed }))
}
