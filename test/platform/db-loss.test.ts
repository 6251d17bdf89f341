import { afterAll, expect, test } from "bun:test"
import { connect } from "#platform/db.ts"
import { testDatabase } from "../support/database.ts"

/** Holds the driver to what the line relies on; patches/postgres@*.patch is why it does. */
const { sql: admin, url } = await testDatabase()
const sql = connect(url, { max: 2, applicationName: "victim" })
afterAll(() => sql.end({ timeout: 1 }))

const kill = () => admin`
  select pg_terminate_backend(pid) from pg_stat_activity
  where application_name = 'victim' and datname = current_database()`
const codeOf = (error: { code?: string }) => error.code ?? "no code"

test("a transaction whose connection dies fails whole, and the pool goes on at once", async () => {
  await admin`create table notes (n int)`
  for (let i = 0; i < 20; i++) {
    const failure = await sql
      .begin(async (tx) => {
        await tx`insert into notes values (1)`
        await kill()
        await tx`insert into notes values (2)`
        await tx`insert into notes values (3)`
      })
      .then(() => "committed", codeOf)
    expect(failure).toBe("CONNECTION_CLOSED")
    await sql.begin((tx) => tx`insert into notes values (10)`)
  }
  const rows = await admin`select n, count(*)::int as times from notes group by n order by n`
  expect([...rows]).toEqual([{ n: 10, times: 20 }])
})

test("statements of a dead transaction never reach the session that comes after it", async () => {
  await admin`create table marks (n int)`
  const single = connect(url, { max: 1, applicationName: "victim" })
  const dead = Promise.withResolvers<void>()
  const late = single.begin(async (tx) => {
    await tx`select 1`
    await kill()
    await dead.promise
    await tx`insert into marks values (1)`
  })
  const failed = late.then(() => "committed", codeOf)
  await single.begin(async (tx) => {
    await tx`insert into marks values (2)`
    dead.resolve()
    await tx`select pg_sleep(0.02)`
  })
  expect(await failed).not.toBe("committed")
  expect((await admin`select n from marks`).map((row) => row.n)).toEqual([2])
  await single.end({ timeout: 1 })
})

test("a reserved connection that died refuses, and giving it back does no harm", async () => {
  const reserved = await sql.reserve()
  await reserved`select 1`
  await kill()
  const answers = []
  for (let i = 0; i < 3; i++) answers.push(await reserved`select 1`.then(() => "answered", codeOf))
  expect(answers).not.toContain("answered")
  reserved.release()
  expect((await sql`select 7 as x`)[0]?.x).toBe(7)
})
