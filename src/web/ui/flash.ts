import type { Context } from "hono"
import { deleteCookie, getCookie, setCookie } from "hono/cookie"
import { z } from "zod"
import type { FlashMessage } from "./components/feedback/notice.tsx"

const COOKIE = "sl_flash"
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
      url: z.string().regex(/^\/(?![/\\])/),
      fields: z.record(z.string(), z.string()),
    })
    .optional(),
})

/** Leaves a message for the page after the redirect. */
export function setFlash(c: Context, message: FlashMessage): void {
  const text = message.text.slice(0, MAX_TEXT_LENGTH)
  setCookie(c, COOKIE, JSON.stringify({ ...message, text }), {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    maxAge: LIFE_SECONDS,
  })
}

/** The message left by the last request, once; anything that is not one of ours is dropped. */
export function takeFlash(c: Context): FlashMessage | null {
  const cookie = getCookie(c, COOKIE)
  if (cookie === undefined) return null
  deleteCookie(c, COOKIE, { path: "/" })
  try {
    const { action, ...message } = Message.parse(JSON.parse(cookie))
    return action ? { ...message, action } : message
  } catch {
    return null
  }
}
