import { stored, whole } from "#platform/options/option.ts"
import { DAY_SECONDS, INT } from "./bounds.ts"

/** How people and programs log in. */
export const people = {
  "auth.ip-rate-limit": stored(
    whole(20, [0, INT], "Failed log-ins a minute from one address; 0 = no limit."),
  ),
  "auth.user-rate-limit": stored(
    whole(10, [0, INT], "Failed log-ins a minute to one account; 0 = no limit."),
  ),
  "auth.password.min-length": stored(whole(12, [8, 128], "Shortest password, in characters.")),
  "auth.password.max-length": stored(whole(1024, [64, 4096], "Longest password, in characters.")),
  "auth.password.argon2-memory-kib": whole(
    19_456,
    [8192, 1_048_576],
    "Memory that hashing a password takes.",
  ),
  "auth.password.argon2-time": whole(2, [1, 20], "Passes that hashing a password makes."),
  "auth.password.hash-concurrency": whole(
    2,
    [1, 64],
    "Passwords that one process hashes side by side.",
  ),
  "auth.session.max-age": stored(
    whole(14 * DAY_SECONDS, [300, 365 * DAY_SECONDS], "Seconds after which a session ends."),
  ),
  "auth.session.idle": stored(
    whole(DAY_SECONDS, [60, 365 * DAY_SECONDS], "Seconds after which an unused session ends."),
  ),
  "auth.invite-ttl-hours": stored(whole(168, [1, 8760], "Hours that an invitation is open.")),
  "auth.reset-ttl-minutes": stored(
    whole(60, [5, 10_080], "Minutes that a link to set a new password works."),
  ),
  "api.rate-limit.user": stored(
    whole(600, [0, INT], "API requests a minute of one user; 0 = no limit."),
  ),
  "api.rate-limit.token": stored(
    whole(600, [0, INT], "API requests a minute of one token; 0 = no limit."),
  ),
} as const
