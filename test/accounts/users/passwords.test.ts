import { expect, test } from "bun:test"
import {
  hashPassword,
  isOutdatedHash,
  passwordProblem,
  verifyPassword,
} from "#accounts/users/passwords.ts"
import { configWith } from "#config.ts"

const config = configWith({
  "auth.password.argon2-memory-kib": 8192,
  "auth.password.argon2-time": 1,
})
const problem = (password: string, context: string[] = []) =>
  passwordProblem(config, password, context)

test("length is what counts, in characters as people count them", () => {
  expect(problem("moss under s")).toBeNull()
  expect(problem("moss under ")).toContain("at least 12")
  expect(problem("💡".repeat(4))).toContain("at least 12")
  expect(problem("x".repeat(1025))).toContain("at most 1024")
})

test("what everybody would try first is refused, whatever is hung on it", () => {
  for (const password of [
    "password1234",
    "Password!2024",
    "P@ssw0rd12345",
    "passwordpassword",
    "qwertyuiop123",
    "123456789012",
    "aaaaaaaaaaaa",
    "121212121212",
    "iloveyou1234",
    "!!!!admin!!!!",
  ]) {
    expect([password, problem(password)]).toEqual([password, expect.stringContaining("first")])
  }
})

test("one's own name and address are no password", () => {
  expect(problem("annette.kowalski1", ["annette.kowalski@example.test", ""])).toContain("your name")
  expect(problem("annette likes moss", ["annette@example.test", "Annette"])).toBeNull()
})

test("a hash verifies its password in every normal form, and no other", async () => {
  const hash = await hashPassword(config, "café au lait, bien sûr")
  expect(hash).toStartWith("$argon2id$v=19$m=8192,t=1,")
  expect(await verifyPassword(config, "café au lait, bien sûr".normalize("NFD"), hash)).toBe(true)
  expect(await verifyPassword(config, "cafe au lait, bien sur", hash)).toBe(false)
  expect(await verifyPassword(config, "", hash)).toBe(false)
  expect(await verifyPassword(config, "anything", "not a hash")).toBe(false)
})

test("a hash of other costs is outdated", async () => {
  const hash = await hashPassword(config, "moss under seven bridges")
  expect(isOutdatedHash(config, hash)).toBe(false)
  expect(isOutdatedHash({ ...config, "auth.password.argon2-time": 2 }, hash)).toBe(true)
  expect(isOutdatedHash(config, "$2b$10$abcdefghijklmnopqrstuv")).toBe(true)
})

test("many hashes at once all come to an end", async () => {
  const hashes = await Promise.all(
    Array.from({ length: 12 }, (_, n) => hashPassword(config, `moss under ${n} bridges`)),
  )
  expect(new Set(hashes).size).toBe(12)
})
