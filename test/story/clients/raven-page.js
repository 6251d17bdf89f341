// A page with the SDK of before 2018; the test bundles it and sets window.shop.
import Raven from "raven-js"

const settings = window.shop
Raven.config(settings.dsn, {
  release: settings.release,
  environment: "production",
}).install()
Raven.setUserContext({ id: "42" })
Raven.setTagsContext({ "shop.region": "eu" })
Raven.captureBreadcrumb({ category: "cart", message: "added 3 lines", level: "info" })

function openDrawer(till) {
  return till.drawer.open()
}

function payCash() {
  return openDrawer({})
}

document.addEventListener("ravenSuccess", () => {
  document.title = `sent ${Raven.lastEventId()}`
})
try {
  payCash()
} catch (error) {
  Raven.captureException(error)
}
