import type { Socket } from "bun"

export type Result = { status: number; milliseconds: number }

/** A pool of kept-alive connections, each with one request under way at most. */
export type Sender = {
  idle(): number
  /** `due` is when it should have left (performance.now()): waiting for a connection counts as latency. */
  send(bytes: Uint8Array, due: number, done: (result: Result) => void): void
  inFlight(): number
  close(): void
}

type Pending = { due: number; done: (result: Result) => void }
type Line = {
  socket: Socket<Line> | null
  pending: Pending | null
  unsent: Buffer
  received: string
}

/** What a request gets whose connection broke; it may have been accepted. */
export const CONNECTION_LOST = 0

export async function openSender(
  host: string,
  port: number,
  connections: number,
  isEncrypted = false,
): Promise<Sender & { onIdle(callback: () => void): void }> {
  const idle: Line[] = []
  let inFlight = 0
  let isClosed = false
  let tellIdle = () => {}

  function finish(line: Line, status: number) {
    const { pending } = line
    line.pending = null
    line.received = ""
    if (pending) {
      inFlight--
      pending.done({ status, milliseconds: performance.now() - pending.due })
    }
  }

  const socket = {
    data(from: Socket<Line>, chunk: Buffer) {
      const line = from.data
      line.received += chunk.toString("latin1")
      const status = statusOf(line.received)
      if (status === null) return
      finish(line, status)
      idle.push(line)
      tellIdle()
    },
    drain(to: Socket<Line>) {
      const line = to.data
      if (line.unsent.length > 0) line.unsent = line.unsent.subarray(to.write(line.unsent))
    },
    close({ data: line }: Socket<Line>) {
      const at = idle.indexOf(line)
      if (at !== -1) idle.splice(at, 1)
      finish(line, CONNECTION_LOST)
      if (!isClosed) void reconnect(line)
    },
    error() {},
  }

  async function connectLine(line: Line) {
    line.unsent = Buffer.alloc(0)
    // Load goes to servers of one's own, with certificates of one's own.
    const tls = isEncrypted && { rejectUnauthorized: false }
    line.socket = await Bun.connect<Line>({ hostname: host, port, data: line, socket, tls })
    idle.push(line)
  }

  async function reconnect(line: Line) {
    while (!isClosed) {
      await Bun.sleep(100)
      const isUp = await connectLine(line).then(
        () => true,
        () => false,
      )
      if (isUp) return tellIdle()
    }
  }

  for (let i = 0; i < connections; i++) {
    await connectLine({ socket: null, pending: null, unsent: Buffer.alloc(0), received: "" })
  }
  return {
    idle: () => idle.length,
    inFlight: () => inFlight,
    onIdle(callback) {
      tellIdle = callback
    },
    send(bytes, due, done) {
      const line = idle.pop()
      if (!line?.socket) throw new Error("no idle connection")
      line.pending = { due, done }
      inFlight++
      const written = line.socket.write(bytes)
      // The template's bytes change with the next request: what did not leave yet is copied.
      if (written < bytes.length) line.unsent = Buffer.from(bytes.subarray(Math.max(0, written)))
    },
    close() {
      isClosed = true
      for (const line of idle) line.socket?.end()
    },
  }
}

/** The status once the whole answer is here, null before. */
function statusOf(text: string): number | null {
  const headerEnd = text.indexOf("\r\n\r\n")
  if (headerEnd === -1) return null
  const length = Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0)
  return text.length >= headerEnd + 4 + length ? Number(text.slice(9, 12)) : null
}
