import { type Refusal, refuse } from "#ingest/refusal.ts"

/**
 * The body, of which never more than `maxBytes` are held: a length that is announced is judged before anything is read,
 * and a body without one while it comes.
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array | Refusal> {
  const announced = request.headers.get("content-length")
  if (announced !== null && Number(announced) > maxBytes) return refuse("too_large")
  try {
    return announced === null ? await readStream(request, maxBytes) : await request.bytes()
  } catch {
    return refuse("broken_body")
  }
}

async function readStream(request: Request, maxBytes: number): Promise<Uint8Array | Refusal> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    // Leaving the loop cancels the stream: the rest is not taken in.
    if (size > maxBytes) return refuse("too_large")
    chunks.push(chunk)
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}
