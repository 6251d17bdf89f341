import type { IngestMessage } from "#messages.ts"
import { type ItemToWrite, writeEnvelope } from "#protocol/envelope-writer.ts"
import { messageOf } from "./line.ts"

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
  return { headers: { type, ...headers }, payload: bytes }
}

export const PNG = Buffer.from("89504e470d0a1a0a0000", "hex")
