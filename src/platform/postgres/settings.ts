const MIB = 1024 * 1024

/** An operator's own settings: read last, never written. */
export const OWN_SETTINGS = "postgresql.own.conf"

/** postgresql.conf for one small machine that also runs everything else. */
export function settingsText(options: {
  socketFolder: string
  memoryBytes: number
  hasOwn: boolean
}): string {
  const sharedBuffersMib = clamp(options.memoryBytes / MIB / 8, 64, 512)
  const settings: Record<string, string> = {
    listen_addresses: "''",
    unix_socket_directories: quoted(`"${options.socketFolder}"`),
    unix_socket_permissions: "0700",
    max_connections: "200",
    shared_buffers: `${sharedBuffersMib}MB`,
    effective_cache_size: `${clamp(options.memoryBytes / MIB / 2, 128, 65_536)}MB`,
    work_mem: "8MB",
    maintenance_work_mem: "64MB",
    // One page's query must not take every core; and no /dev/shm is needed (64 MB in a container).
    max_parallel_workers_per_gather: "0",
    jit: "off",
    // Three more processes otherwise.
    io_method: "sync",

    // An answered commit is on the disk.
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    // Nothing replicates from here. This build has neither lz4 nor zstd, and pglz costs more than it saves.
    wal_level: "minimal",
    max_wal_senders: "0",
    wal_compression: "off",
    max_wal_size: "2GB",
    min_wal_size: "128MB",
    checkpoint_timeout: "15min",

    // Hot counters are updated in place, many times a second.
    autovacuum_naptime: "15s",
    autovacuum_max_workers: "2",
    autovacuum_vacuum_cost_limit: "1000",

    timezone: "'UTC'",
    log_timezone: "'UTC'",
    log_line_prefix: "'%m [%p] '",
    log_checkpoints: "off",
    // Errors are told to whoever asked; statements and details would put people's data into the log.
    log_min_messages: "log",
    log_min_error_statement: "panic",
    log_error_verbosity: "terse",
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  return [
    `# Written at each start. Own settings: ${OWN_SETTINGS} in this folder.`,
    ...lines,
    ...(options.hasOwn ? [`include = '${OWN_SETTINGS}'`] : []),
    "",
  ].join("\n")
}

function clamp(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)))
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`
}
