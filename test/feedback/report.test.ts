import { expect, test } from "bun:test"
import { readFeedback, readUserReport } from "#feedback/report.ts"

const ID = "9ec79c33ec9942ab8353589fcb2e04dc"

test("a user report is trimmed, its event's id made regular", () => {
  const json = {
    event_id: "9EC79C33-EC99-42AB-8353-589FCB2E04DC",
    name: null,
    email: " a@b.test ",
    comments: " It\0 broke ",
  }
  expect(readUserReport(json, null)).toMatchObject({
    kind: "user_report",
    feedbackId: null,
    eventId: ID,
    name: "",
    email: "a@b.test",
    message: "It broke",
  })
})

test("a report without an event of its own is about the envelope's", () => {
  expect(readUserReport({ comments: "x" }, ID)).toMatchObject({ eventId: ID })
  expect(readUserReport({ comments: "x" }, null)).toBeNull()
})

test("a report that says nothing, too much, or gives a wrong address is none", () => {
  const wrong = [
    { comments: " " },
    { comments: 7 },
    { comments: "x".repeat(4097) },
    { comments: "x", name: "x".repeat(129) },
    { comments: "x", email: `${"x".repeat(70)}@b.test` },
    { comments: "x", email: "a@b\r\nBcc: c@d.test" },
  ]
  for (const json of wrong) expect(readUserReport(json, ID)).toBeNull()
})

test("feedback is kept for what it says; what else it gets wrong is left out", () => {
  const feedback = {
    message: "x".repeat(5000),
    contact_email: "not one",
    name: 7,
    url: `https://${"x".repeat(5000)}`,
    associated_event_id: "zz",
  }
  const read = readFeedback({ contexts: { feedback }, release: "shop@1", environment: [] }, ID)
  expect(read).toMatchObject({
    kind: "feedback",
    feedbackId: ID,
    eventId: null,
    email: "",
    name: "",
    release: "shop@1",
    environment: "",
  })
  expect([read?.message.length, read?.url.length]).toEqual([4096, 2048])
})

test("feedback about an event names it", () => {
  const feedback = { message: "x", associated_event_id: ID }
  expect(readFeedback({ contexts: { feedback } }, "a".repeat(32))?.eventId).toBe(ID)
})

test("feedback without a message is none, whatever stands in its place", () => {
  for (const contexts of [null, 7, [], {}, { feedback: null }, { feedback: { message: {} } }]) {
    expect(readFeedback({ contexts }, ID)).toBeNull()
  }
})
