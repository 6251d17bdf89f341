import { beforeAll, expect, test } from "bun:test"
import { connect } from "#platform/db.ts"
import { testDatabase } from "../../support/database.ts"
import { givenDays, givenProject, hashOf, occurrence, record } from "../../support/occurrences.ts"

const { sql, url } = await testDatabase()
beforeAll(() => givenDays(sql))

test("50 batches at once with the same new hash make one issue with exact counters", async () => {
  const project = await givenProject(sql)
  const pool = connect(url, { max: 16 })
  const batches = Array.from({ length: 50 }, (_, n) => [
    occurrence(project, { userHash: `${n % 7}` }),
    occurrence(project, { userHash: `${n % 7}` }),
  ])
  const results = await Promise.all(batches.map((batch) => record(pool, batch)))
  expect(results.flatMap((result) => result.news).length).toBe(1)
  const rows =
    await sql`select times_seen, users_seen from issues where project_id = ${project.projectId}`
  expect([...rows]).toEqual([{ timesSeen: "100", usersSeen: 7 }])
  await pool.end()
})

test("1,000 new hashes from two workers in 50 batches at once make each issue once, with exact counters", async () => {
  const project = await givenProject(sql)
  const workers = [connect(url, { max: 8 }), connect(url, { max: 8 })]
  // Each hash comes in five batches; every event brings a second hash that it shares with its neighbour.
  const batches = Array.from({ length: 50 }, (_, batch) =>
    Array.from({ length: 100 }, (_, n) => {
      const number = ((batch % 10) * 100 + n) % 1000
      const hashes = [hashOf(`app ${number}`), hashOf(`system ${number >> 1}`)]
      return occurrence(project, { hashes, userHash: `${batch}` })
    }),
  )
  const outcomes = await Promise.allSettled(
    batches.map((batch, index) => record(workers[index % 2]!, batch)),
  )
  expect(outcomes.flatMap((each) => (each.status === "rejected" ? each.reason : []))).toEqual([])
  const [sums] = await sql`
    select count(*)::int as issues, sum(times_seen)::int as events, sum(users_seen)::int as users,
      (select count(*)::int from issue_hashes where project_id = ${project.projectId} and issue_id is not null) as hashes
    from issues where project_id = ${project.projectId}`
  expect(sums).toMatchObject({ events: 5000, hashes: 1500 })
  expect(sums!.issues).toBeGreaterThanOrEqual(500)
  const [users] = await sql`
    select count(*)::int as n from issue_users where project_id = ${project.projectId}`
  expect(sums!.users).toBe(users!.n)
  for (const pool of workers) await pool.end()
})

test("two batches that regress the same issue write one activity", async () => {
  const project = await givenProject(sql)
  const pool = connect(url, { max: 8 })
  await record(pool, [occurrence(project)])
  await sql`update issues set status = 1 where project_id = ${project.projectId}`
  const results = await Promise.all(
    Array.from({ length: 8 }, () => record(pool, [occurrence(project)])),
  )
  expect(results.flatMap((result) => result.news).length).toBe(1)
  await pool.end()
})

test("random overlapping batches over few issues never wait in a circle", async () => {
  const projects = await Promise.all([givenProject(sql), givenProject(sql), givenProject(sql)])
  const pool = connect(url, { max: 12 })
  const pick = <T>(values: T[]) => values[Math.floor(Math.random() * values.length)]!
  const names = ["a", "b", "c", "d", "e", "f"]
  const batches = Array.from({ length: 150 }, () =>
    Array.from({ length: 12 }, () =>
      occurrence(pick(projects), {
        hashes: [hashOf(pick(names)), hashOf(`s${pick(names)}`)],
        userHash: `${Math.floor(Math.random() * 20)}`,
        environmentId: pick(["1", "2"]),
      }),
    ),
  )
  const outcomes = await Promise.allSettled(batches.map((batch) => record(pool, batch)))
  const failures = outcomes.filter((outcome) => outcome.status === "rejected")
  expect(failures.map((failure) => failure.reason.code)).toEqual([])
  const [sums] = await sql`
    select (select sum(times_seen)::int from issues) as issues, (select sum(events)::int from issue_hours) as hours`
  expect(sums!.issues).toBe(sums!.hours)
  await pool.end()
})
