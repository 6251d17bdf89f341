import { nameOf, type User } from "#accounts/users/user.ts"
import { apiTime } from "../time.ts"

export const LETTER_AVATAR = { avatarType: "letter_avatar", avatarUuid: null }

export function serializeUser(user: User) {
  return {
    id: user.id,
    name: nameOf(user),
    username: user.email,
    email: user.email,
    avatarUrl: "",
    isActive: user.isActive,
    isSuperuser: user.isSuperuser,
    isStaff: user.isSuperuser,
    isManaged: false,
    has2fa: false,
    hasPasswordAuth: true,
    dateJoined: apiTime(user.createdAt),
    lastLogin: user.lastLoginAt && apiTime(user.lastLoginAt),
    lastActive: user.lastActiveAt && apiTime(user.lastActiveAt),
    emails: [{ id: user.id, email: user.email, is_verified: true }],
    avatar: LETTER_AVATAR,
  }
}
