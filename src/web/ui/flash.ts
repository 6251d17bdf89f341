import { deleteCookie, getCookie, setCookie } from "hono/cookie"
import { z } from "zod"
import type { App } from "#app.ts"
import type { WebContext } from "../context.ts"
import { cookieName, cookieOptions } from "../middleware/cookies.ts"
import type { FlashMessage } from "./components/feedback/notice.tsx"

/** Longer than any redirect takes, short enough not to surprise. */
const LIFE_SECONDS = 60
/** Browsers refuse cookies past 4 KiB. */
const MAX_TEXT_LENGTH = 500

const Message = z.object({
  tone: z.enum(["success", "info", "warning", "error"]),
  text: z.string().max(MAX_TEXT_LENGTH),
  action: z
    .object({
      label: z.string().max(40),
      // A path of ours: the message travels through the browser and must not become a form that posts elsewhere.
      url: z.string().regex(/^\/(?![/\\])[!-~]{0,2000}$/),
      fields: z.record(z.string(), z.string()),
    })
    .optional(),
})

type Configured = Pick<App, "config">

/** Leaves a message for the page after the redirect. */
export function setFlash(app: Configured, c: WebContext, message: FlashMessage): void {
  const text = message.text.slice(0, MAX_TEXT_LENGTH)
  setCookie(c, cookieName(app.config, "flash"), JSON.stringify({ ...message, text }), {
    ...cookieOptions(app.config),
    maxAge: LIFE_SECONDS,
  })
}

/** The message left by the last request, once; anything that is not one of ours is dropped. */
export function takeFlash(app: Configured, c: WebContext): FlashMessage | null {
  const name = cookieName(app.config, "flash")
  const cookie = getCookie(c, name)
  if (cookie === undefined) return null
  deleteCookie(c, name, cookieOptions(app.config))
  try {
    const { action, ...message } = Message.parse(JSON.parse(cookie))
    return action ? { ...message, action } : message
  } catch {
    return null
  }
}
