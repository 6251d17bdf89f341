import { postgresUrl, redisUrl, secret, whole } from "#platform/options/option.ts"
import { INT } from "./bounds.ts"

/** PostgreSQL and Redis. */
export const stores = {
  "database.url": secret(
    postgresUrl("postgres://user:password@host/name; empty: the PostgreSQL inside the program."),
  ),
  "database.pool-size": whole(10, [1, 1000], "Connections of one process to PostgreSQL."),
  "database.statement-timeout-ms": whole(
    15_000,
    [0, INT],
    "Milliseconds a page's statement may take; 0 = no limit.",
  ),
  "database.lock-timeout-ms": whole(
    3000,
    [0, INT],
    "Milliseconds a page's statement may wait for a lock; 0 = no limit.",
  ),
  "database.partitions-ahead": whole(7, [2, 90], "Days whose partitions are made ahead of time."),

  "redis.url": secret(
    redisUrl(
      "redis://host:6379/0, also rediss://, redis+sentinel://, redis+cluster://; empty: no Redis.",
    ),
  ),
  "redis.queue-url": secret(redisUrl("Redis of the ingest queue; empty: redis.url.")),
  "redis.quota-url": secret(redisUrl("Redis of the rate limits; empty: redis.url.")),
  "redis.tsdb-url": secret(redisUrl("Redis of the live series; empty: redis.url.")),
} as const
