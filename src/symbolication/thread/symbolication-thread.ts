import { parentPort, workerData } from "node:worker_threads"
import { type BlobPlace, openBlobs } from "#platform/blobs/open-blobs.ts"
import { messageOf } from "#platform/errors.ts"
import { answerContexts, answerMapping } from "./answer.ts"
import { answerNaming, answerRemapping } from "./answer-debug.ts"
import { createOpenDebugFiles } from "./open-debug-files.ts"
import { createOpenFiles, type Kept } from "./open-files.ts"
import type { ThreadAnswer, ThreadRequest, ThreadSettings } from "./protocol.ts"
import { WeightedCache } from "./weighted-cache.ts"

// The beginning of a thread of its own: reading a large map takes a second, which nobody else must wait for.
const { place, cacheBytes } = workerData as ThreadSettings & { place: BlobPlace }
const blobs = openBlobs(place)
const cache = new WeightedCache<Kept>(cacheBytes)
const files = createOpenFiles(blobs, cache, cacheBytes)
const debugFiles = createOpenDebugFiles(blobs, cache, cacheBytes)
let turn: Promise<void> = Promise.resolve()

parentPort?.on("message", (request: ThreadRequest) => {
  turn = turn.then(async () => parentPort?.postMessage(await answerOrFailure(request)))
})

/** Whoever asks next is answered all the same. */
async function answerOrFailure(request: ThreadRequest): Promise<ThreadAnswer> {
  try {
    return await answerTo(request)
  } catch (error) {
    return { id: request.id, failure: messageOf(error) }
  }
}

async function answerTo(request: ThreadRequest): Promise<ThreadAnswer> {
  const { id } = request
  switch (request.kind) {
    case "map":
      return { id, traces: await answerMapping(files, request) }
    case "context":
      return { id, contexts: await answerContexts(files, request) }
    case "remap":
      return { id, ...(await answerRemapping(debugFiles, request)) }
    case "name":
      return { id, ...(await answerNaming(debugFiles, request)) }
  }
}
