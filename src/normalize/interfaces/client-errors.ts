import type { ProcessingError } from "../event.ts"
import { nonEmpty, text } from "../values/coerce.ts"
import { jsonText } from "../values/json-text.ts"
import { listOf, type Reader, record } from "../values/read.ts"

const shown: Reader<string | number | boolean> = (value) =>
  typeof value === "boolean" ? value : jsonText(value, 120)

const readError = record<Omit<ProcessingError, "reason" | "data">>({
  type: nonEmpty(text(64)),
  name: text(200),
  value: shown,
})

const clientError: Reader<ProcessingError> = (value, remarks) => {
  const read = readError(value, remarks)
  return read?.type ? { ...read, name: read.name ?? "" } : undefined
}

/** What a client noted that it could not make sense of itself. */
export const clientErrors = listOf(clientError, { max: 50, keep: "first" })
