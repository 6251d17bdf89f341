// The SDK of before 2018 in Node.js: one JSON body to the store endpoint. argv: DSN, release, environment.
const Raven = require("raven")

const [, , dsn, release, environment] = process.argv
Raven.config(dsn, { release, environment, name: "raven-1", autoBreadcrumbs: true }).install()
Raven.setContext({ user: { id: "42", email: "ann@example.test" }, tags: { "shop.region": "eu" } })
Raven.captureBreadcrumb({ category: "cart", message: "added 3 lines", level: "info" })

function findPrice(prices, sku) {
  return prices[sku].amount
}

function quote(skus) {
  return skus.map((sku) => findPrice({ A: { amount: 1 } }, sku))
}

try {
  quote(["A", "B"])
} catch (error) {
  Raven.captureException(error, { level: "warning", extra: { skus: 2 } }, (problem, eventId) => {
    if (problem) throw problem
    console.log(JSON.stringify({ eventId }))
  })
}
