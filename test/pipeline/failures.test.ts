import { expect, test } from "bun:test"
import { ConcurrentChange } from "#issues/occurrences/occurrence.ts"
import { type Failure, failureOf } from "#pipeline/failures.ts"
import { TaskQueueAway } from "#platform/tasks.ts"

const coded = (code: string, more: object = {}) =>
  Object.assign(new Error("whatever the server's language says"), { code, ...more })

const cases: [what: string, error: unknown, failure: Failure][] = [
  ["deadlock", coded("40P01"), "again"],
  ["a change meanwhile", new ConcurrentChange(), "again"],
  ["no day", coded("23514", { routine: "ExecFindPartition" }), "partition"],
  ["a check that fails", coded("23514", { routine: "ExecConstraints" }), "poison"],
  ["a row that is referred to and gone", coded("23503"), "references"],
  ["statement timeout", coded("57014"), "slow"],
  ["a plan from before an upgrade", coded("0A000"), "unavailable"],
  ["a statement that a pooler forgot", coded("26000"), "unavailable"],
  ["no schema yet", coded("3F000"), "unavailable"],
  ["full disk", coded("53100"), "unavailable"],
  ["connection refused", coded("ECONNREFUSED"), "unavailable"],
  ["out of descriptors", coded("EMFILE"), "unavailable"],
  ["no route", coded("ENETUNREACH"), "unavailable"],
  ["a broken pipe", coded("EPIPE"), "unavailable"],
  ["a certificate that ran out", coded("CERT_HAS_EXPIRED"), "unavailable"],
  ["the driver's word for a lost connection", coded("CONNECTION_CLOSED"), "unavailable"],
  ["the task queue's tables are missing", new TaskQueueAway("not installed"), "unavailable"],
  ["a NUL in a text", coded("22021"), "poison"],
  ["an index row too long", coded("54000"), "poison"],
  ["the same row twice", coded("21000"), "poison"],
  ["an argument of the wrong kind", coded("ERR_INVALID_ARG_TYPE"), "poison"],
  ["a date that is none", new RangeError("Invalid Date"), "poison"],
]

test.each(cases)("%s", (_what, error, failure) => {
  expect(failureOf(error)).toBe(failure)
})
