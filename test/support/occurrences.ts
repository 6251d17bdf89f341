import type { Occurrence } from "#issues/occurrences/occurrence.ts"
import { recordOccurrences } from "#issues/occurrences/recording.ts"
import { partitionedTables } from "#migrations.ts"
import type { Sql } from "#platform/db.ts"
import { createPartitions } from "#platform/partitions.ts"

export const DAY = "2026-11-24"
export const NOON = Date.parse(`${DAY}T12:00:00Z`)

/** An organization with one project; returns their ids. */
export async function givenProject(sql: Sql, slug = `p${crypto.randomUUID().slice(0, 8)}`) {
  const [organization] = await sql<{ id: string }[]>`
    insert into organizations (slug, name) values (${slug}, ${slug}) returning id`
  const [project] = await sql<{ id: string }[]>`
    insert into projects (organization_id, slug, name) values (${organization!.id}, ${slug}, ${slug}) returning id`
  return { organizationId: organization!.id, projectId: project!.id }
}

/** Partitions around DAY, and what else of days a test names. */
export async function givenDays(sql: Sql, days: string[] = []) {
  const near = ["2026-11-23", DAY, "2026-11-25"]
  await createPartitions(sql, Object.values(partitionedTables), [...new Set([...near, ...days])])
}

export const hashOf = (name: string) => new Bun.CryptoHasher("md5").update(name).digest("hex")

export function occurrence(
  project: { organizationId: string; projectId: string },
  given: Partial<Occurrence> = {},
): Occurrence {
  return {
    ...project,
    eventId: crypto.randomUUID().replaceAll("-", ""),
    hashes: [hashOf("one")],
    receivedAt: NOON,
    receivedDay: DAY,
    occurredAt: NOON,
    environmentId: "1",
    releaseId: null,
    userHash: null,
    type: "error",
    level: 40,
    platform: "python",
    logger: null,
    title: "ValueError: no",
    culprit: "shop in buy",
    metadata: { type: "ValueError", value: "no" },
    searchText: "ValueError: no shop in buy",
    isUnhandled: false,
    ...given,
  }
}

/** One batch in its own transaction. */
export const record = (sql: Sql, occurrences: Occurrence[]) =>
  sql.begin((tx) => recordOccurrences(tx, occurrences))
