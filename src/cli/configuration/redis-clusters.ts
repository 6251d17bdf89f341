import { z } from "zod"
import { AppError } from "#platform/errors.ts"
import type { Layer } from "#platform/options/layers.ts"
import { serviceUrl } from "./environment.ts"

const host = z.object({
  host: z.string().default("127.0.0.1"),
  port: z.coerce.string().default("6379"),
  db: z.coerce.string().default("0"),
  password: z.string().default(""),
})
const clusters = z.object({ default: z.object({ hosts: z.record(z.string(), host) }) })

/** Sentry's `redis.clusters` with one host means redis.url. More hosts would spread keys over them, which ours cannot be. */
export function foldRedisClusters(layer: Layer): Layer {
  const written = layer.get("redis.clusters")
  if (!written) return layer
  const parsed = clusters.safeParse(written.value)
  const [only, ...others] = parsed.success ? Object.values(parsed.data.default.hosts) : []
  if (!only || others.length > 0) {
    throw new AppError(
      "invalid",
      `${written.at}: redis.clusters is understood with one host under "default"; otherwise give redis.url`,
    )
  }
  const folded = new Map(layer)
  folded.delete("redis.clusters")
  const value = serviceUrl("redis", only.host, only.port, {
    user: "",
    password: only.password,
    path: only.db,
  })
  if (!folded.has("redis.url")) folded.set("redis.url", { value, at: written.at })
  return folded
}
