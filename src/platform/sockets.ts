import { connect, type NetConnectOpts, type Socket } from "node:net"
import { limitUnanswered } from "./libc.ts"

/** Seconds after which a connection on which nothing happens is asked whether it is still there; then each second, ten times. */
export const KEEP_ALIVE_SECONDS = 30
/** Milliseconds after which sent bytes that no machine acknowledged end the connection; the system's own limit is a quarter of an hour. */
const UNANSWERED_MS = 30_000

/**
 * A connection that notices when the machine at its other end vanishes without a word (a pulled cable, a dead host, a
 * firewall that forgot): keep-alive while it rests, and a limit to what waits for an acknowledgement. A machine that
 * is alive and slow acknowledges all the same.
 */
export function openSocket(to: NetConnectOpts, unansweredMs = UNANSWERED_MS): Socket {
  return watchSocket(connect(to), unansweredMs)
}

/** The same for a socket that is still to be connected. */
export function watchSocket(socket: Socket, unansweredMs = UNANSWERED_MS): Socket {
  return socket.once("connect", () => {
    socket.setKeepAlive(true, KEEP_ALIVE_SECONDS * 1000)
    const descriptor = descriptorOf(socket)
    if (descriptor !== null) limitUnanswered(descriptor, unansweredMs)
  })
}

/** Bun has it where Node.js has it; without it a vanished machine is noticed late, and nothing else is lost. */
function descriptorOf(socket: Socket): number | null {
  const handle: unknown = Reflect.get(socket, "_handle")
  const descriptor = handle instanceof Object ? Reflect.get(handle, "fd") : null
  return typeof descriptor === "number" && descriptor >= 0 ? descriptor : null
}
