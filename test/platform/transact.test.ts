import { expect, test } from "bun:test"
import { transact } from "#platform/transact.ts"
import { testDatabase } from "../support/database.ts"

const { sql } = await testDatabase()
await sql`create table pair (id int primary key, n int not null)`
await sql`insert into pair values (1, 0), (2, 0)`

test("two that lock each other's rows are both done", async () => {
  const reached = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let runs = 0
  const work = (mine: number) => async (tx: Parameters<Parameters<typeof transact>[1]>[0]) => {
    runs++
    await tx`update pair set n = n + 1 where id = ${mine + 1}`
    reached[mine]?.resolve()
    await reached[1 - mine]?.promise
    await tx`update pair set n = n + 1 where id = ${2 - mine}`
  }
  await Promise.all([transact(sql, work(0)), transact(sql, work(1))])
  expect(runs).toBe(3)
  expect([...(await sql`select n from pair order by id`)]).toEqual([{ n: 2 }, { n: 2 }])
})

test("any other failure is told at once", async () => {
  let runs = 0
  const work = async () => {
    runs++
    throw new Error("no")
  }
  await expect(transact(sql, work)).rejects.toThrow("no")
  expect(runs).toBe(1)
})
