import postgres from "postgres"
import { KEEP_ALIVE_SECONDS, openSocket } from "./sockets.ts"

/** A pool of connections. */
export type Sql = postgres.Sql
/** An open transaction. */
export type Tx = postgres.TransactionSql
/** A pool or an open transaction; query functions accept either. */
export type Db = postgres.ISql

export type ConnectOptions = {
  /** Connections at most. */
  max?: number
  applicationName?: string
  /** Milliseconds after which PostgreSQL gives a statement up; 0 = never. */
  statementTimeoutMs?: number
  /** Milliseconds a statement waits for a lock; 0 = for ever. */
  lockTimeoutMs?: number
  /** Seconds for the connection itself. */
  connectTimeoutSeconds?: number
  /** Milliseconds after which a machine that acknowledges nothing counts as gone; see sockets.ts. */
  unansweredMs?: number
}

/** For the server: locks of a client that vanished must not outlive it for the two hours that are a system's default. */
const NOTICE_VANISHED_CLIENTS = {
  tcp_keepalives_idle: 30,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 4,
  tcp_user_timeout: 30_000,
}

/** Opens a pool lazily: the first query connects. `url` is `postgres://…`; `?host=/dir` means a Unix socket. */
export function connect(url: string, options: ConnectOptions = {}): Sql {
  return postgres(withoutSocketHost(url), {
    ...(socketHost(url) ?? watchedSockets(options.unansweredMs)),
    max: options.max ?? 10,
    keep_alive: KEEP_ALIVE_SECONDS,
    connect_timeout: options.connectTimeoutSeconds ?? 5,
    // The driver's own waits up to 20 s, long after PostgreSQL is back.
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    // Columns only: the whole `postgres.camel` also renames keys inside jsonb values.
    transform: { column: postgres.camel.column },
    connection: {
      application_name: options.applicationName ?? "sentry-lite",
      // Generic plans cannot prune partitions: the stream was 20 times slower with them.
      plan_cache_mode: "force_custom_plan",
      TimeZone: "UTC",
      // What is acknowledged to the queue after a commit must survive a crash, whatever the server's default is.
      synchronous_commit: "on",
      statement_timeout: options.statementTimeoutMs ?? 0,
      lock_timeout: options.lockTimeoutMs ?? 0,
      idle_in_transaction_session_timeout: 60_000,
      ...NOTICE_VANISHED_CLIENTS,
    },
    onnotice: () => {},
  })
}

/** Reads on one connection, each statement of which PostgreSQL gives up after so many milliseconds (SQLSTATE 57014). */
export function readWithin<T>(sql: Sql, milliseconds: number, read: (tx: Tx) => Promise<T>) {
  return sql.begin("read only", async (tx) => {
    await tx`select set_config('statement_timeout', ${String(milliseconds)}, true)`
    return read(tx)
  }) as Promise<T>
}

/** porsager sends every parameter of the query on as a setting, which the server refuses. */
function withoutSocketHost(url: string): string {
  const parsed = new URL(url)
  if (!parsed.searchParams.get("host")?.startsWith("/")) return url
  parsed.searchParams.delete("host")
  parsed.searchParams.delete("port")
  return parsed.href
}

/** libpq's `?host=/dir` names the folder of the Unix socket; porsager wants the socket's path. */
function socketHost(url: string) {
  const parsed = new URL(url)
  const folder = parsed.searchParams.get("host")
  if (!folder?.startsWith("/")) return null
  const port = parsed.searchParams.get("port") ?? (parsed.port || "5432")
  return {
    path: `${folder}/.s.PGSQL.${port}`,
    database: decodeURIComponent(parsed.pathname.slice(1)),
    username: decodeURIComponent(parsed.username),
  }
}

/** The driver takes a socket that is not connected yet for one that is: what it writes at once waits in it. */
function watchedSockets(unansweredMs?: number): object {
  let next = 0
  return {
    socket: (to: { host: string[]; port: number[] }) => {
      const place = next++ % to.host.length
      const address = { host: to.host[place] ?? "localhost", port: to.port[place] ?? 5432 }
      // The driver reads from the socket which name a certificate must have.
      return Object.assign(openSocket(address, unansweredMs), address)
    },
  }
}
