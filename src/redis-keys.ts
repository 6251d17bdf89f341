/** Every Redis key is made here: type, life, and what its loss costs. All start with "sl:". */
export const keys = {
  /** Stream of accepted messages, one per shard; entries live until acknowledged. Lost: web forwards its segments again. */
  ingest: (shard: number) => `sl:{ingest:${shard}}`,
  /** Counter per limit and fixed window, TTL two windows. Lost: the window starts again. */
  quota: (organizationId: string, limit: string, window: number) =>
    `sl:quota:{${organizationId}}:${limit}:${window}`,
  /** Hash bucket -> count of one live series and step, TTL by step. Lost: live graphs have a gap. */
  series: (series: string, stepSeconds: number) => `sl:series:{${series}}:${stepSeconds}`,
  /** HyperLogLog of one live series and bucket, TTL by step. Lost: live graphs have a gap. */
  distinct: (series: string, stepSeconds: number, bucket: number) =>
    `sl:distinct:{${series}}:${stepSeconds}:${bucket}`,
}
