import { keepAttachment, type LooseAttachment } from "#attachments/keep.ts"
import { messageOf } from "#platform/errors.ts"
import { attachmentQuantities } from "#protocol/quantities.ts"
import type { Line } from "./line.ts"
import { endedAs } from "./open.ts"
import type { Prepared } from "./prepare/prepared.ts"

const AT_ONCE = 8

/**
 * Puts the attachments of a batch into the blob store, before its transaction tells of them. One that cannot be stored ends as
 * discarded, and its event is stored without it: a full disk of files must not cost errors.
 */
export async function keepAttachments(line: Line, prepared: readonly Prepared[]): Promise<void> {
  const work = prepared
    .filter(({ companions, fell }) => companions !== null && fell === null)
    .flatMap(({ companions, endings }) =>
      (companions?.loose.splice(0) ?? []).map((loose) => ({ companions, endings, loose })),
    )
  for (let start = 0; start < work.length; start += AT_ONCE) {
    const some = work.slice(start, start + AT_ONCE)
    const kept = await Promise.all(some.map(({ loose }) => tryToKeep(line, loose)))
    for (const [index, { companions, endings, loose }] of some.entries()) {
      const attachment = kept[index]
      if (attachment) companions?.kept.push(attachment)
      else endings.push(...endedAs(attachmentQuantities(loose.bytes.length), NOT_STORED))
    }
  }
}

const NOT_STORED = { outcome: "discarded", reason: "blob_store" }

async function tryToKeep(line: Pick<Line, "blobs" | "log">, loose: LooseAttachment) {
  try {
    return await keepAttachment(line.blobs, loose)
  } catch (error) {
    line.log.warn({ error: messageOf(error), bytes: loose.bytes.length }, "attachment not stored")
    return null
  }
}
