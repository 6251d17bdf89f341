// Stands in a customer's page in place of the SDK, and fetches it when there is something to tell: an error, or a call to it.
// What happens until then is kept, and told as soon as the SDK is there. The server puts LOADER_SETTINGS in front.
;(() => {
  const settings = LOADER_SETTINGS
  const tag = document.currentScript
  if (!tag || window.Sentry) return
  const MAX_KEPT = 100
  const STUBS = [
    "init",
    "addBreadcrumb",
    "captureMessage",
    "captureException",
    "captureEvent",
    "configureScope",
    "withScope",
    "showReportDialog",
  ]
  /** What is to be done with the SDK once it is there, in order. */
  const kept = []
  const callbacks = []
  let sdk = null
  let isLoading = false

  function keep(work) {
    if (kept.length < MAX_KEPT) kept.push(work)
  }

  const unhandled = (type) => ({ mechanism: { type, handled: false } })

  function onError({ error, message, filename, lineno, colno }) {
    // Of elements that could not be loaded, which say nothing.
    if (!error && !message) return
    const frame = { filename, lineno, colno, function: "?", in_app: true }
    keep(() => {
      if (error) sdk.captureException(error, unhandled("onerror"))
      else
        sdk.captureEvent({
          level: "error",
          exception: {
            values: [
              {
                type: "Error",
                value: message,
                stacktrace: { frames: [frame] },
                ...unhandled("onerror"),
              },
            ],
          },
        })
    })
    load()
  }

  function onRejection({ reason }) {
    keep(() => sdk.captureException(reason, unhandled("onunhandledrejection")))
    load()
  }

  function load() {
    if (isLoading) return
    isLoading = true
    const script = document.createElement("script")
    script.src = new URL(settings.sdk, tag.src).href
    script.crossOrigin = "anonymous"
    if (tag.nonce) script.nonce = tag.nonce
    script.addEventListener("load", start)
    document.head.append(script)
  }

  function start() {
    sdk = window.Sentry
    window.removeEventListener("error", onError)
    window.removeEventListener("unhandledrejection", onRejection)
    const init = sdk.init
    let isInitialized = false
    sdk.init = (options) => {
      isInitialized = true
      return init({ ...settings.options, ...options })
    }
    sdk.onLoad = run
    sdk.forceLoad = () => {}
    if (typeof window.sentryOnLoad === "function") run(window.sentryOnLoad)
    callbacks.splice(0).forEach(run)
    const calls = kept.splice(0)
    const inits = calls.filter((work) => work.isInit)
    for (const work of inits) run(work)
    if (!isInitialized) sdk.init()
    for (const work of calls) if (!work.isInit) run(work)
  }

  /** A customer's own mistake must not keep errors from being told. */
  function run(work) {
    try {
      return work()
    } catch (error) {
      setTimeout(() => {
        throw error
      })
    }
  }

  const stub = {
    onLoad(callback) {
      callbacks.push(callback)
    },
    forceLoad() {
      // A page that is still being parsed may have more to say before.
      setTimeout(load)
    },
  }
  for (const name of STUBS) {
    stub[name] = (...given) => {
      keep(Object.assign(() => sdk[name](...given), { isInit: name === "init" }))
      // Settings and breadcrumbs alone are worth no download.
      if (name !== "init" && name !== "addBreadcrumb" && name !== "configureScope") load()
    }
  }
  window.SENTRY_SDK_SOURCE = "loader"
  window.Sentry = stub
  window.addEventListener("error", onError)
  window.addEventListener("unhandledrejection", onRejection)
  if (tag.dataset.lazy === "no") load()
})()
