import { flag, list, stored, text, whole } from "#platform/options/option.ts"
import { BYTES, GIB, INT, MIB } from "./bounds.ts"

/** From a request to a stored event. */
export const ingestion = {
  "ingest.spool.dir": text(
    "",
    "Folder of accepted events on their way; empty: spool in the data folder.",
  ),
  "ingest.spool.max-bytes": whole(
    2 * GIB,
    [MIB, BYTES],
    "Size of the spool above which events are answered 429.",
  ),
  "ingest.spool.segment-bytes": whole(
    64 * MIB,
    [MIB / 16, GIB],
    "Size at which the spool begins a new file.",
  ),
  "ingest.spool.min-free-bytes": whole(
    GIB,
    [0, BYTES],
    "Free space of the disk below which events are answered 429.",
  ),
  "ingest.queue.shards": whole(
    1,
    [1, 64],
    "Streams that the ingest queue in Redis is spread over.",
  ),
  "ingest.queue.max-entries": whole(
    500_000,
    [1000, INT],
    "Messages in Redis above which the rest waits in the spool.",
  ),
  "ingest.queue.max-bytes": whole(
    GIB,
    [MIB, BYTES],
    "Bytes in Redis above which the rest waits in the spool.",
  ),
  "ingest.max-compressed-bytes": whole(
    20 * MIB,
    [1024, GIB],
    "Largest body as it comes over the wire.",
  ),
  "ingest.max-event-bytes": whole(MIB, [1024, 64 * MIB], "Largest event, unpacked."),
  "ingest.max-attachment-bytes": whole(100 * MIB, [0, GIB], "Largest attachment, unpacked."),
  "ingest.max-envelope-bytes": whole(100 * MIB, [1024, GIB], "Largest envelope, unpacked."),
  "ingest.max-envelope-items": whole(100, [1, 10_000], "Most items in one envelope."),
  "ingest.max-json-depth": whole(128, [8, 1000], "Deepest nesting of an event's JSON."),
  "ingest.max-json-keys": whole(
    100_000,
    [1000, 10_000_000],
    "Most members of objects and lists in an event's JSON.",
  ),
  "ingest.sampling.enabled": stored(
    flag(
      false,
      "Keeps all details of only some events of noisy issues; numbers, tags and stack traces of all.",
    ),
  ),
  "ingest.scrub.defaults": stored(
    flag(true, "Removes what looks like passwords, tokens and card numbers from events."),
  ),
  "ingest.scrub.ip": stored(flag(false, "Removes IP addresses from events.")),
  "ingest.scrub.fields": stored(
    list([], "More names of fields whose values are removed from events."),
  ),
  "ingest.scrub.safe-fields": stored(list([], "Names of fields that are never removed.")),

  "worker.concurrency": whole(1, [1, 64], "Worker processes of `run all`."),
  "worker.batch-size": whole(500, [1, 5000], "Most messages that a worker takes at once."),
  "worker.batch-wait-ms": whole(
    50,
    [0, 10_000],
    "Milliseconds a worker waits for a batch to fill.",
  ),
  "worker.claim-idle-ms": whole(
    30_000,
    [1000, INT],
    "Milliseconds after which another worker's unfinished messages are taken over.",
  ),
  "worker.max-deliveries": whole(
    5,
    [2, 100],
    "Deliveries after which a message goes to the dead letters unread.",
  ),
  "worker.dlq.retention-days": whole(30, [1, 3650], "Days that dead letters are kept."),
} as const
