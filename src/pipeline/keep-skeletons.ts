import { decodePayload, encodePayload } from "#events/payload-codec.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { skeletonOf } from "#normalize/skeleton.ts"

/** Of noisy issues' events most are kept without their details. Changes the rows in place. */
export function keepSkeletons<Row extends { payload: Uint8Array }>(
  rows: readonly Row[],
  surplus: ReadonlySet<unknown>,
): void {
  for (const row of rows) {
    if (surplus.has(row)) {
      row.payload = encodePayload(skeletonOf(decodePayload(row.payload) as NormalizedEvent))
    }
  }
}
