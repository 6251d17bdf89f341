import type { App } from "#app.ts"
import type { IngestMessage } from "#messages.ts"
import { createLine } from "#pipeline/line.ts"
import { processBatch } from "#pipeline/process-batch.ts"
import { utcDay } from "#platform/clock.ts"
import { type ItemToWrite, writeEnvelope } from "#protocol/envelope-writer.ts"
import { batchOf, messageOf, recordOf } from "./line.ts"

/** An item's type, its payload (objects are written as JSON) and its other headers. */
export type GivenItem = [type: string, payload: string | Uint8Array | object, headers?: object]

/** A message that carries an envelope, as web queues it. */
export function envelopeMessage(
  owner: { projectId: string; organizationId: string },
  items: readonly GivenItem[],
  given: Partial<IngestMessage> = {},
): IngestMessage {
  const body = writeEnvelope({}, items.map(itemOf))
  return messageOf(owner, {}, { kind: "envelope", body, ...given })
}

function itemOf([type, payload, headers]: GivenItem): ItemToWrite {
  const isBytes = typeof payload === "string" || payload instanceof Uint8Array
  const bytes = isBytes ? Buffer.from(payload as string) : Buffer.from(JSON.stringify(payload))
  return { type, headers: { ...headers }, payload: bytes }
}

export const PNG = Buffer.from("89504e470d0a1a0a0000", "hex")

/** Sends an envelope of today through the whole line, as a worker does; returns the id that its event would have. */
export async function givenEnvelope(
  app: App,
  owner: { projectId: string; organizationId: string },
  items: readonly GivenItem[],
  given: Partial<IngestMessage> = {},
): Promise<string> {
  const receivedAt = Date.now()
  const now = { receivedAt, receivedDay: utcDay(new Date(receivedAt)) }
  const message = envelopeMessage(owner, items, { ...now, ...given })
  await processBatch(createLine(app), batchOf([recordOf(message)]), new AbortController().signal)
  return message.eventId ?? ""
}
