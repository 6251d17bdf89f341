import type { CookieOptions } from "hono/utils/cookie"
import type { Config } from "#config.ts"

type Prefix = Pick<Config, "system.url-prefix">

/** Whether people reach this instance over https: then cookies are Secure and carry the __Host- name. */
export function isSecure(config: Prefix): boolean {
  return config["system.url-prefix"].startsWith("https://")
}

export function cookieName(
  config: Prefix,
  name: "session" | "visitor" | "setup" | "flash",
): string {
  return isSecure(config) ? `__Host-sl_${name}` : `sl_${name}`
}

export function cookieOptions(config: Prefix): CookieOptions {
  return { path: "/", httpOnly: true, sameSite: "Lax", secure: isSecure(config) }
}
