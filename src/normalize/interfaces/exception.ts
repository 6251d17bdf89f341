import type { Exception } from "../event.ts"
import { idText, jsonOrText, text } from "../values/coerce.ts"
import { type Reader, record, valuesOf } from "../values/read.ts"
import { remark } from "../values/remarks.ts"
import { mechanism } from "./mechanism.ts"
import { stacktrace } from "./stacktrace.ts"

/** Chains are short; the last exception is the one that was thrown. */
const MAX_EXCEPTIONS = 100

const readException = record<Exception>(
  {
    type: text(256, 20),
    value: jsonOrText(8192, 200),
    module: text(256, 20),
    thread_id: idText,
    mechanism,
    stacktrace,
    raw_stacktrace: stacktrace,
  },
  { "sentry.interfaces.Stacktrace": "stacktrace" },
)

const exception: Reader<Exception> = (value, remarks) => {
  const read = readException(value, remarks)
  if (!read) return read
  const typed = read.type ? read : withTypeOfValue(read)
  if (typed.type || typed.value) return typed
  // With a stack it still says where, which is worth more than what it lacks.
  if (typed.stacktrace) return typed
  return remark(remarks, "missing_attribute", { reason: "an exception needs a type or a value" })
}

/** Old clients put both into the value: "ValueError: bad". */
function withTypeOfValue(exception: Exception): Exception {
  const value = exception.value ?? ""
  const colon = value.indexOf(":")
  if (colon < 1 || colon > 256 || value.includes("\n") || !/^\w+$/.test(value.slice(0, colon))) {
    return exception
  }
  return { ...exception, type: value.slice(0, colon), value: value.slice(colon + 1).trim() }
}

export const exceptions = valuesOf(exception, { max: MAX_EXCEPTIONS, keep: "last" })
