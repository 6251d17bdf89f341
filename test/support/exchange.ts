import { once } from "node:events"
import { connect } from "node:net"

/**
 * Speaks HTTP by hand: writes the parts to a connection of its own for as long as the other side takes them, and resolves
 * with all that came back once a whole answer is there or the connection ends.
 */
export function exchange(port: number, parts: Iterable<string | Uint8Array>): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const { promise: closed, resolve: close } = Promise.withResolvers<void>()
  let received = ""
  const socket = connect(port, "127.0.0.1", async () => {
    for (const part of parts) {
      if (socket.destroyed || isAnswer(received)) return
      if (!socket.write(part)) {
        await Promise.race([once(socket, "drain"), closed])
      }
    }
  })
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1")
    if (isAnswer(received)) socket.destroy()
  })
  socket.on("error", () => {})
  socket.on("close", () => {
    close()
    resolve(received)
  })
  return promise
}

/** The frame of chunked transfer encoding around a part of a body. */
export const chunkOf = (part: string) => `${Buffer.byteLength(part).toString(16)}\r\n${part}\r\n`

function isAnswer(text: string): boolean {
  const headEnd = text.indexOf("\r\n\r\n")
  const length = /^content-length: (\d+)\r$/im.exec(text)?.[1]
  return headEnd !== -1 && length !== undefined && text.length >= headEnd + 4 + Number(length)
}
