import { afterAll, beforeAll, expect, test } from "bun:test"
import { z } from "zod"
import { createLog } from "#platform/log.ts"
import { createTasks, type TaskPolicy, upgradeTaskSchema } from "#platform/tasks.ts"
import { testDatabase } from "../support/database.ts"

const { sql, url } = await testDatabase()
const log = createLog({ level: "FATAL", format: "machine", role: "test" })
const schemas = { greet: z.object({ name: z.string() }), fail: z.object({ n: z.number() }) }
const policy: TaskPolicy = {
  retries: 0,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 10,
  expireSeconds: 60,
}
const tasks = createTasks({ url, schemas, log })

beforeAll(async () => {
  await upgradeTaskSchema(url, { greet: policy, fail: policy })
  await upgradeTaskSchema(url, { greet: { ...policy, retries: 3 }, fail: policy })
})
afterAll(() => tasks.stop({ withinMs: 1000 }))

test("a task of a committed transaction runs, one of a rolled back transaction never does", async () => {
  const greeted: string[] = []
  await sql
    .begin(async (tx) => {
      await tasks.insert(tx, "greet", [{ name: "nobody" }])
      throw new Error("changed my mind")
    })
    .catch(() => {})
  await sql.begin((tx) => tasks.insert(tx, "greet", [{ name: "Ada" }, { name: "Grace" }]))
  await tasks.work("greet", async ({ name }) => void greeted.push(name))
  await until(() => greeted.length >= 2)
  expect(greeted.sort()).toEqual(["Ada", "Grace"])
})

test("one failing task does not take the others of its batch with it, and stays visible", async () => {
  const done: number[] = []
  await sql.begin((tx) => tasks.insert(tx, "fail", [{ n: 1 }, { n: 2 }, { n: 3 }]))
  await tasks.work("fail", async ({ n }) => {
    if (n === 2) throw new Error("two is bad")
    done.push(n)
  })
  await until(async () => (await tasks.listFailed(sql, 10)).length === 1)
  expect(done.sort()).toEqual([1, 3])
  expect(await tasks.listFailed(sql, 10)).toMatchObject([{ name: "fail", error: "two is bad" }])
})

test("upgrading again changes how failures are met", async () => {
  const [queue] =
    await sql`select retry_limit, retry_backoff from pgboss.queue where name = 'greet'`
  expect(queue).toEqual({ retryLimit: 3, retryBackoff: true })
})

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await Bun.sleep(10)
}
