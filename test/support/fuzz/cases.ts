import fc from "fast-check"
import type { FixtureRequest } from "../fixtures.ts"
import {
  ENVELOPE_ENDPOINTS,
  type EnvelopeCase,
  envelopeCases,
  envelopeRequestOf,
} from "./envelope-cases.ts"
import { FORM_ENDPOINTS, type FormCase, formCases, formRequestOf } from "./form-cases.ts"

/** One request, told so that it can be made smaller and read. */
export type Case = EnvelopeCase | FormCase

export const ENDPOINTS = [...ENVELOPE_ENDPOINTS, ...FORM_ENDPOINTS]

export const cases: fc.Arbitrary<Case> = fc.oneof(
  { weight: 5, arbitrary: envelopeCases },
  { weight: 1, arbitrary: formCases },
)

/** The request of a case, to the project of this DSN. */
export function requestOf(given: Case, dsn: string): FixtureRequest {
  return "parts" in given ? formRequestOf(given, dsn) : envelopeRequestOf(given, dsn)
}
