import { readFileSync } from "node:fs"

export type OsUser = { name: string; uid: number; gid: number }

const NOBODY: OsUser = { name: "nobody", uid: 65_534, gid: 65_534 }

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Who works in a folder that root starts us on: its owner, else sentry-lite if there is such a user, else nobody. */
export function chooseUser(ownerUid: number): OsUser {
  if (ownerUid !== 0) {
    return userOf(ownerUid) ?? { name: String(ownerUid), uid: ownerUid, gid: ownerUid }
  }
  const users = knownUsers()
  return (
    users.find(({ name }) => name === "sentry-lite") ??
    users.find(({ name }) => name === "nobody") ??
    NOBODY
  )
}

/** Lets go of root's rights for good, in every thread. */
export function become(user: OsUser): void {
  process.setgroups?.([user.gid])
  process.setgid?.(user.gid)
  process.setuid?.(user.uid)
}

export function userOf(uid: number): OsUser | null {
  return knownUsers().find((user) => user.uid === uid) ?? null
}

export function userNamed(uid: number): string {
  return userOf(uid)?.name ?? `user ${uid}`
}

function knownUsers(): OsUser[] {
  let text = ""
  try {
    text = readFileSync("/etc/passwd", "utf8")
  } catch {
    // A container without users.
  }
  return text.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":")
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : []
  })
}
