import type { IngestMessage, KeptAttachment } from "#messages.ts"
import { crashOfDump } from "#normalize/minidump/crash-of-dump.ts"
import { inTime } from "#platform/blobs/in-time.ts"
import { messageOf } from "#platform/errors.ts"
import type { ReadDumps } from "./companions.ts"
import type { Line } from "./line.ts"

/** A dump with all of its process' memory is not brought here for its summary. */
const MAX_BYTES = 64 * 1024 * 1024
const READ_TIMEOUT_MS = 15_000

/**
 * Reads the minidumps of a batch that are too large to travel with their events, one after the other: only what they say is kept. A
 * blob store that fails is asked no more for this batch, which would wait for each of them.
 */
export async function readDumps(
  { blobs, log }: Pick<Line, "blobs" | "log">,
  messages: readonly IngestMessage[],
): Promise<ReadDumps> {
  const dumps = new Map<string, Record<string, unknown> | null>()
  for (const { blobKey, size } of messages.flatMap(dumpOf)) {
    try {
      const bytes = await inTime(blobs.get(blobKey), READ_TIMEOUT_MS)
      if (bytes) dumps.set(blobKey, crashOfDump(bytes))
    } catch (error) {
      log.warn({ error: messageOf(error), bytes: size }, "minidump could not be read")
      break
    }
  }
  return dumps
}

/** Of several in one message the first tells of the crash. */
function dumpOf({ parked = [] }: IngestMessage): KeptAttachment[] {
  const dump = parked.find(({ type }) => type === "event.minidump")
  return dump && dump.size <= MAX_BYTES ? [dump] : []
}
