import { createHash, randomBytes } from "node:crypto"

/** `bytes` random bytes as lower-case hex. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex")
}

/** A time-ordered uuid (v7) for messages; event ids stay v4 as Sentry's clients expect. */
export function messageId(): string {
  return Bun.randomUUIDv7()
}

/** What is stored of a secret that only its holder knows. */
export function sha256(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest()
}
