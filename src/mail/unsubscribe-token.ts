import { createHmac, timingSafeEqual } from "node:crypto"

export type UnsubscribeScope = { userId: string; kind: "issue" | "project"; id: string }

/** Signs "this user wants no more of this": works without log-in, for this user and this thing alone, and does not expire. */
export function unsubscribeToken(secretKey: string, scope: UnsubscribeScope): string {
  return `${scope.userId}.${signature(secretKey, scope)}`
}

/** The user a token of this thing speaks for, or null when it is not one of ours. */
export function readUnsubscribeToken(
  secretKey: string,
  token: string,
  target: Pick<UnsubscribeScope, "kind" | "id">,
): string | null {
  const [userId = "", given = ""] = token.split(".", 2)
  if (!/^\d{1,19}$/.test(userId)) return null
  const expected = Buffer.from(signature(secretKey, { ...target, userId }))
  const actual = Buffer.from(given)
  return actual.length === expected.length && timingSafeEqual(actual, expected) ? userId : null
}

function signature(secretKey: string, scope: UnsubscribeScope): string {
  return createHmac("sha256", secretKey)
    .update(`unsubscribe:${scope.kind}:${scope.id}:${scope.userId}`)
    .digest("base64url")
}
