import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createNotifier } from "#platform/notify.ts"

const folder = mkdtempSync(join(tmpdir(), "sl-notify-"))
afterAll(() => rmSync(folder, { recursive: true }))

/** Prints what arrives on a Unix datagram socket, one line a message, until it has three. */
const LISTENER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1].replace("@", "\\0", 1) if sys.argv[1].startswith("@") else sys.argv[1])
print("listening", flush=True)
for _ in range(3): print(s.recv(100).decode(), flush=True)
`

test.each([join(folder, "notify"), `@sl-notify-${process.pid}`])(
  "systemd hears of ready, life and stopping over %s",
  async (socket) => {
    const listener = Bun.spawn(["python3", "-c", LISTENER, socket], { stdout: "pipe" })
    const lines = linesOf(listener.stdout)
    expect((await lines.next()).value).toBe("listening")
    const notifier = createNotifier(socket, "20000")
    notifier.ready()
    expect((await lines.next()).value).toBe("READY=1")
    expect((await lines.next()).value).toBe("WATCHDOG=1")
    notifier.stopping()
    expect((await lines.next()).value).toMatch(/STOPPING=1|WATCHDOG=1/)
    await listener.exited
  },
)

test("without systemd nothing happens", () => {
  createNotifier(undefined).ready()
})

async function* linesOf(stream: ReadableStream<Uint8Array>) {
  let rest = ""
  for await (const chunk of stream) {
    rest += new TextDecoder().decode(chunk)
    const lines = rest.split("\n")
    rest = lines.pop() ?? ""
    yield* lines
  }
}
