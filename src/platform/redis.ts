import { createHash } from "node:crypto"
import { Cluster, Redis } from "ioredis"
import { messageOf } from "./errors.ts"
import type { Log } from "./log.ts"
import { parseRedisUrl } from "./redis-url.ts"
import { KEEP_ALIVE_SECONDS } from "./sockets.ts"

/** One server, the master that sentinels name, or a cluster. */
export type RedisClient = Redis | Cluster

/** A command that got no answer within this time has failed; what it did is unknown. */
const COMMAND_TIMEOUT_MS = 2000
const CONNECT_TIMEOUT_MS = 2000
/** A connection on which a command waits for so long leads nowhere any more; the next one may. No command blocks for longer. */
const SILENT_CONNECTION_MS = 5000
const RECONNECT_MAX_MS = 2000

/**
 * Opens `redis://`, `rediss://`, `redis+sentinel://h1,h2/master[/db]` or `redis+cluster://h1,h2`; user and
 * password go in front of the first host. Waits for the connection, but not longer than two seconds: a
 * server that is away is reconnected to for ever, and meanwhile commands fail at once instead of queueing
 * up, because whoever asked has a plan without Redis and nothing to gain from a late answer.
 */
export async function connectRedis(url: string, log: Log): Promise<RedisClient> {
  const client = clientFor(url)
  observe(client, log)
  await readyOrLate(client)
  return client
}

/** Another connection to the same place, for commands that block. */
export async function duplicateRedis(client: RedisClient, log: Log): Promise<RedisClient> {
  const copy = client instanceof Cluster ? client.duplicate() : client.duplicate()
  observe(copy, log)
  await readyOrLate(copy)
  return copy
}

/** Runs a Lua script by its hash; sends its text only to a server that does not know it. */
export function createScript(lua: string) {
  const sha = createHash("sha1").update(lua).digest("hex")
  return async (
    redis: RedisClient,
    keys: readonly string[],
    args: readonly (string | number | Buffer)[],
  ): Promise<unknown> => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("NOSCRIPT"))) throw error
      return redis.eval(lua, keys.length, ...keys, ...args)
    }
  }
}

function clientFor(url: string): RedisClient {
  const target = parseRedisUrl(url)
  const { hosts, path } = target
  const shared = {
    ...target.credentials,
    ...(target.scheme === "rediss" ? { tls: {} } : {}),
    // Raw replies keep one shape; RESP3 would turn those of streams into maps.
    protocol: 2 as const,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENT_CONNECTION_MS,
    keepAlive: KEEP_ALIVE_SECONDS * 1000,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  }
  if (target.scheme === "redis+cluster") {
    return new Cluster(hosts, {
      enableOfflineQueue: false,
      clusterRetryStrategy: reconnectDelayMs,
      redisOptions: shared,
    })
  }
  if (target.scheme === "redis+sentinel") {
    const [name = "mymaster", db] = path
    return new Redis({
      ...shared,
      retryStrategy: reconnectDelayMs,
      sentinels: hosts.map(({ host, port }) => ({ host, port: port ?? 26379 })),
      name,
      db: Number(db ?? 0),
      sentinelRetryStrategy: reconnectDelayMs,
    })
  }
  return new Redis({
    ...shared,
    ...hosts[0],
    retryStrategy: reconnectDelayMs,
    db: Number(path[0] ?? 0),
  })
}

function reconnectDelayMs(attempts: number): number {
  const delay = Math.min(50 * 2 ** Math.min(attempts, 10), RECONNECT_MAX_MS)
  return delay * (0.75 + Math.random() / 4)
}

/** One line when the connection breaks and one when it is back, however often it was tried in between. */
function observe(client: RedisClient, log: Log): void {
  let isDown = false
  client.on("error", (err: Error) => {
    // No stack: it is the driver's own, and a password or a port is what is wrong.
    if (!isDown) log.warn({ error: messageOf(err) }, "Redis: connection lost")
    isDown = true
  })
  client.on("ready", () => {
    if (isDown) log.info("Redis: connected again")
    isDown = false
  })
}

async function readyOrLate(client: RedisClient): Promise<void> {
  if (client.status === "ready") return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, CONNECT_TIMEOUT_MS)
  client.once("ready", resolve)
  await promise
  clearTimeout(timer)
  client.off("ready", resolve)
}
