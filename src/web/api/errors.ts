import { z } from "zod"
import type { App } from "#app.ts"
import { AppError } from "#platform/errors.ts"
import { refusalOf } from "../errors.ts"
import type { ApiContext } from "./caller.ts"

/** What is wrong with a body, by field. */
type Faults = Record<string, string[]>

/** Every thrown thing in the shape of Sentry's API: `{"detail"}`, or messages by field for what was sent wrong. */
export function answerApiError(app: App, error: Error, c: ApiContext) {
  const faults = faultsOf(error)
  if (faults) return c.json(faults, 400)
  const refusal = refusalOf(error)
  for (const [name, value] of Object.entries(refusal.headers)) c.header(name, value)
  if (refusal.isBug) {
    const { requestId } = c.var
    app.log.error({ err: error, path: c.req.path, requestId }, "API request failed")
    return c.json({ detail: "Internal Error", errorId: requestId }, 500)
  }
  if (error instanceof AppError) nameMissing(error, c)
  return c.json({ detail: refusal.message }, refusal.status === 422 ? 400 : refusal.status)
}

function faultsOf(error: Error): Faults | null {
  if (error instanceof z.ZodError) return faultsByField(error)
  const { field } = error instanceof AppError && error.code === "invalid" ? error.details : {}
  return typeof field === "string" ? { [field]: [error.message] } : null
}

function faultsByField(error: z.ZodError): Faults {
  const faults: Faults = {}
  for (const { path, message } of error.issues) {
    const field = path.length === 0 ? "non_field_errors" : String(path[0])
    faults[field] = [...(faults[field] ?? []), message]
  }
  return faults
}

function nameMissing(error: AppError, c: ApiContext): void {
  if (error.code === "unauthorized") c.header("WWW-Authenticate", 'xBasic realm="api"')
  const { missingScopes } = error.details
  if (Array.isArray(missingScopes)) {
    c.header("X-Sentry-Error", `missing scope: ${missingScopes.join(" or ")}`)
  }
}
