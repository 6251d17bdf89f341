import { AppError } from "../errors.ts"
import { seal, unseal } from "../seal.ts"
import type { Option } from "./option.ts"

const PURPOSE = "option"

/**
 * A value as the database keeps it: secrets sealed, so that neither a dump nor a reader of the database learns them; the rest as it
 * is. Throws `invalid` for a secret without a key.
 */
export function sealedOption(
  option: Pick<Option<unknown>, "secret">,
  value: unknown,
  secretKey: string,
): unknown {
  if (!option.secret || value === "") return value
  if (secretKey === "") {
    throw new AppError("invalid", "a secret is kept in the database with system.secret-key only")
  }
  const bytes = seal(secretKey, PURPOSE, Buffer.from(JSON.stringify(value)))
  return { sealed: Buffer.from(bytes).toString("base64") }
}

/** The reverse; what older versions stored is plain. Throws when it was sealed with another secret key. */
export function openedOption(stored: unknown, secretKey: string): unknown {
  if (!isSealed(stored)) return stored
  const bytes = unseal(secretKey, PURPOSE, Buffer.from(stored.sealed, "base64"))
  return JSON.parse(Buffer.from(bytes).toString())
}

function isSealed(stored: unknown): stored is { sealed: string } {
  return (
    typeof stored === "object" &&
    stored !== null &&
    "sealed" in stored &&
    typeof stored.sealed === "string"
  )
}
