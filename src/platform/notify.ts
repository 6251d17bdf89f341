import { dlopen, ptr } from "bun:ffi"

const AF_UNIX = 1
const SOCK_DGRAM = 2
const MSG_NOSIGNAL = 0x4000
const PATH_MAX_BYTES = 108

export type Notifier = {
  /** The program answers now. */
  ready(): void
  /** It has begun to stop. */
  stopping(): void
}

/**
 * Tells systemd how this process is (sd_notify(3)); does nothing when nobody asked. `socket` is $NOTIFY_SOCKET,
 * `watchdogUsec` $WATCHDOG_USEC: from `ready` on, a sign of life goes out twice in that time, from the event loop, so
 * that a loop that hangs is noticed.
 */
export function createNotifier(socket: string | undefined, watchdogUsec?: string): Notifier {
  if (!socket) return { ready() {}, stopping() {} }
  const everyMs = Number(watchdogUsec ?? 0) / 2000
  return {
    ready() {
      send(socket, "READY=1")
      if (everyMs > 0) setInterval(() => send(socket, "WATCHDOG=1"), everyMs).unref()
    },
    stopping: () => send(socket, "STOPPING=1"),
  }
}

/** One datagram. Bun has no Unix datagram sockets of its own. A lost message is systemd's to notice. */
function send(socket: string, message: string): void {
  const libc = dlopen("libc.so.6", {
    socket: { args: ["i32", "i32", "i32"], returns: "i32" },
    sendto: { args: ["i32", "ptr", "u64", "i32", "ptr", "u32"], returns: "i64" },
    close: { args: ["i32"], returns: "i32" },
  })
  const descriptor = libc.symbols.socket(AF_UNIX, SOCK_DGRAM, 0)
  const text = Buffer.from(message)
  const address = addressOf(socket)
  libc.symbols.sendto(
    descriptor,
    ptr(text),
    text.length,
    MSG_NOSIGNAL,
    ptr(address),
    address.length,
  )
  libc.symbols.close(descriptor)
  libc.close()
}

/** struct sockaddr_un; "@name" is an abstract socket, whose path begins with a zero byte. */
function addressOf(socket: string): Buffer {
  const path = Buffer.from(socket)
  if (path.length > PATH_MAX_BYTES) throw new Error("the path in NOTIFY_SOCKET is too long")
  if (socket.startsWith("@")) path[0] = 0
  const family = Buffer.alloc(2)
  family.writeUInt16LE(AF_UNIX)
  return Buffer.concat([family, path])
}
