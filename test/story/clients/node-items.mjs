// Sends one of every kind of item that @sentry/node knows. argv: DSN, release, environment.
import * as Sentry from "@sentry/node"

const [, , dsn, release, environment] = process.argv
Sentry.init({
  dsn,
  release,
  environment,
  serverName: "node-2",
  tracesSampleRate: 1,
  enableLogs: true,
  beforeSend: (event) => (event.message === "not this one" ? null : event),
})

await Sentry.startSpan({ name: "GET /cart", op: "http.server" }, async () => {
  await Sentry.startSpan({ name: "select * from carts", op: "db.query" }, () => Promise.resolve())
})
Sentry.captureMessage("not this one")
Sentry.logger.warn("a till is slow", { till: 3, seconds: 12.5 })
Sentry.metrics.count("tills.opened", 1)
const checkInId = Sentry.captureCheckIn(
  { monitorSlug: "close-the-day", status: "in_progress" },
  { schedule: { type: "crontab", value: "0 22 * * *" }, checkinMargin: 5 },
)
Sentry.captureCheckIn({
  checkInId,
  monitorSlug: "close-the-day",
  status: "error",
  duration: 2.5,
})
const eventId = Sentry.withScope((scope) => {
  scope.addAttachment({ filename: "tills.txt", data: "till 3: open\n", contentType: "text/plain" })
  scope.addAttachment({
    filename: "pixel.gif",
    data: Buffer.from("R0lGODlhAQABAAAAACw=", "base64"),
    contentType: "image/gif",
  })
  return Sentry.captureMessage("the day does not close", "warning")
})
Sentry.captureFeedback({
  name: "Ann",
  email: "ann@example.test",
  message: "I cannot go home.",
  associatedEventId: eventId,
})
await Sentry.flush(10_000)
console.log(JSON.stringify({ eventId }))
