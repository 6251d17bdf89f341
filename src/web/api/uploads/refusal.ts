import type { ApiContext } from "../caller.ts"

/** These endpoints tell what is wrong under a name of their own. */
export function refuseUpload(c: ApiContext, error: string) {
  return c.json({ error }, 400)
}
