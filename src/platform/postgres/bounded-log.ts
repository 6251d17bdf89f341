import { existsSync, statSync } from "node:fs"
import { open, rename } from "node:fs/promises"

/** Appends a stream to a file that never passes `maxBytes`; what was before moves to `<path>.1`, once. */
export async function appendBounded(
  stream: ReadableStream<Uint8Array>,
  path: string,
  maxBytes: number,
): Promise<void> {
  let size = existsSync(path) ? statSync(path).size : 0
  let file = await open(path, "a", 0o600)
  try {
    for await (const chunk of stream) {
      if (size > 0 && size + chunk.length > maxBytes) {
        await file.close()
        await rename(path, `${path}.1`)
        file = await open(path, "a", 0o600)
        size = 0
      }
      await file.write(chunk)
      size += chunk.length
    }
  } finally {
    await file.close()
  }
}
