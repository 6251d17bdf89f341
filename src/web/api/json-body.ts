import { AppError } from "#platform/errors.ts"
import type { ApiContext } from "./caller.ts"

/** The body of a request, which must be JSON. */
export async function jsonBody(c: ApiContext): Promise<unknown> {
  try {
    return await c.req.json()
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError("invalid", "JSON parse error: the body is no JSON object.")
  }
}
