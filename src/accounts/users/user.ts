import type { Preferences } from "./preferences.ts"

export type User = {
  id: string
  /** Lower case; what one logs in with. */
  email: string
  /** May be empty; show `nameOf(user)`. */
  name: string
  isSuperuser: boolean
  isActive: boolean
  preferences: Preferences
  createdAt: Date
  lastLoginAt: Date | null
  lastActiveAt: Date | null
}

/** What a person is called on pages. */
export function nameOf(user: { name: string; email: string }): string {
  return user.name || user.email
}

/** E-mail addresses are compared without case; this is the stored form. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase()
}
