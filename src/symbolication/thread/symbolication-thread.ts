import { parentPort, workerData } from "node:worker_threads"
import { type BlobPlace, openBlobs } from "#platform/blobs/open-blobs.ts"
import { answerContexts, answerMapping } from "./answer.ts"
import { createOpenFiles } from "./open-files.ts"
import type { ThreadAnswer, ThreadRequest, ThreadSettings } from "./protocol.ts"

// The beginning of a thread of its own: reading a large map takes a second, which nobody else must wait for.
const { place, cacheBytes } = workerData as ThreadSettings & { place: BlobPlace }
const files = createOpenFiles(openBlobs(place), cacheBytes)
let turn: Promise<void> = Promise.resolve()

parentPort?.on("message", (request: ThreadRequest) => {
  turn = turn.then(async () => parentPort?.postMessage(await answerTo(request)))
})

async function answerTo(request: ThreadRequest): Promise<ThreadAnswer> {
  const { id } = request
  return request.kind === "map"
    ? { id, traces: await answerMapping(files, request) }
    : { id, contexts: await answerContexts(files, request) }
}
