import { primitiveText } from "./coerce.ts"
import type { Reader } from "./read.ts"
import { type Remarks, refuse } from "./remarks.ts"
import { cleanText } from "./text.ts"

/** Control characters and the separators of paths: these names are parts of URLs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly the control characters are refused
const UNFIT_FOR_RELEASE = /[\x00-\x1f\x7f/\\]/
const UNFIT_FOR_ENVIRONMENT = /[\r\n\f/]/
const DIST = /^[A-Za-z0-9_.-]{1,64}$/

/** At most 200 bytes. Never cut: half a name is the name of another release. */
export function isReleaseName(name: string): boolean {
  if (name === "" || name === "." || name === ".." || name.toLowerCase() === "latest") return false
  return Buffer.byteLength(name) <= 200 && !UNFIT_FOR_RELEASE.test(name)
}

export const release: Reader<string> = (value, remarks) => nameOf(value, remarks, isReleaseName)

export const isDistName = (name: string) => DIST.test(name)

export const environment: Reader<string> = (value, remarks) =>
  nameOf(value, remarks, (name) => {
    if (name === "." || name === ".." || name.toLowerCase() === "none") return false
    return Buffer.byteLength(name) <= 64 && !UNFIT_FOR_ENVIRONMENT.test(name)
  })

export const dist: Reader<string> = (value, remarks) => nameOf(value, remarks, isDistName)

function nameOf(
  value: unknown,
  remarks: Remarks,
  isFit: (name: string) => boolean,
): string | undefined {
  const text = primitiveText(value)
  if (text === undefined) return refuse(remarks, value, "expected a primitive value")
  const name = cleanText(text).trim()
  if (name === "") return undefined
  return isFit(name) ? name : refuse(remarks, value, "not a valid name")
}
