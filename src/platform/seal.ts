import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto"

const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Encrypts bytes at rest with AES-256-GCM under a key derived (HKDF) from the instance's secret key for one purpose, so
 * that what is sealed for dead letters cannot be opened as a mail. Layout: nonce, tag, ciphertext.
 */
export function seal(secretKey: string, purpose: string, plain: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv("aes-256-gcm", keyFor(secretKey, purpose), nonce)
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

/** The reverse of `seal`; throws when the secret key, the purpose or a byte is another one. */
export function unseal(secretKey: string, purpose: string, sealed: Uint8Array): Uint8Array {
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv("aes-256-gcm", keyFor(secretKey, purpose), nonce)
  decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  return Buffer.concat([
    decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)),
    decipher.final(),
  ])
}

function keyFor(secretKey: string, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secretKey, "sentry-lite", purpose, 32))
}
