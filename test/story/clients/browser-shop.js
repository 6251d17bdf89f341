// A page that throws on load; the test bundles it and sets window.shop.
import * as Sentry from "@sentry/browser"

const settings = window.shop
Sentry.init({
  dsn: settings.dsn,
  tunnel: settings.tunnel,
  release: settings.release,
  environment: "production",
})
Sentry.setUser({ id: "42" })
Sentry.setTag("shop.region", "eu")
Sentry.addBreadcrumb({ category: "cart", message: "added 3 lines", level: "info" })

function applyVoucher(cart) {
  return cart.voucher.code.toUpperCase()
}

function showCart() {
  return applyVoucher({ lines: [] })
}

try {
  showCart()
} catch (error) {
  const eventId = Sentry.captureException(error)
  void Sentry.flush(10_000).then(() => {
    document.title = `sent ${eventId}`
  })
}
