import * as sdk from "./sdk-exports.js"

window.Sentry = {
  ...sdk,
  /** Of SDKs before 8, which loaders promise still. */
  configureScope: (change) => change(sdk.getCurrentScope()),
}
