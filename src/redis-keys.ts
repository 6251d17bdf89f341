/** Every Redis key is made here: type, life, and what its loss costs. All start with "sl:". */
export const keys = {
  /** Stream of accepted messages, one per shard; entries live until acknowledged. Lost: web forwards its segments again. */
  ingest: (shard: number) => `sl:{ingest:${shard}}`,
  /** String beside each stream, for as long as Redis remembers. Gone or changed: web forwards its segments again. */
  ingestMarker: (shard: number) => `sl:{ingest:${shard}}:marker`,
  /** Counter per limit and fixed window, TTL two windows. Lost: the window starts again. */
  quota: (organizationId: string, limit: string, window: number) =>
    `sl:quota:{${organizationId}}:${limit}:${window}`,
  /** Hash bucket -> count of one live series, one per stretch of time, TTL by step. Lost: live graphs have a gap. */
  series: (series: string, stepSeconds: number, stretch: number) =>
    `sl:series:{${series}}:${stepSeconds}:${stretch}`,
  /** HyperLogLog of one live series and bucket, TTL by step. Lost: live graphs have a gap. */
  distinct: (series: string, stepSeconds: number, bucket: number) =>
    `sl:distinct:{${series}}:${stepSeconds}:${bucket}`,
}
