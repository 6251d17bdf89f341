import { beforeAll, expect, test } from "bun:test"
import { connect } from "#platform/db.ts"
import {
  addDays,
  createPartitions,
  daysFrom,
  dropPartition,
  isMissingPartition,
  listPartitions,
  type PartitionedTable,
} from "#platform/partitions.ts"
import { testDatabase } from "../support/database.ts"

const { sql, url } = await testDatabase()
const visits: PartitionedTable = { name: "visits", column: "day", type: "date" }
const hours: PartitionedTable = {
  name: "visit_hours",
  column: "hour",
  type: "timestamptz",
  storage: "fillfactor = 80",
}
const tables = [visits, hours]

beforeAll(async () => {
  await sql`create table visits (id int, day date not null, primary key (id, day)) partition by range (day)`
  await sql`create table visit_hours (hour timestamptz not null) partition by range (hour)`
})

const states = async () =>
  (await listPartitions(sql, [visits])).map(({ day, state }) => `${day} ${state}`)

test("makes each missing day once, whoever asks", async () => {
  const days = daysFrom("2026-02-27", 3)
  const made = await Promise.all([1, 2, 3].map(() => createPartitions(sql, tables, days)))
  expect(made.flat().sort()).toEqual([
    "visit_hours_20260227",
    "visit_hours_20260228",
    "visit_hours_20260301",
    "visits_20260227",
    "visits_20260228",
    "visits_20260301",
  ])
  await sql`insert into visits values (1, '2026-02-28')`
  await sql`insert into visit_hours values ('2026-02-28 23:59:59.999+00')`
  expect((await sql`select 1 from visit_hours_20260228`).length).toBe(1)
})

test("a row of a day without a partition is told apart from other failures", async () => {
  const missing = await sql`insert into visits values (1, '2030-01-01')`.catch((error) => error)
  const other = await sql`insert into visits values (1, '2026-02-28')`.catch((error) => error)
  expect([isMissingPartition(missing), isMissingPartition(other)]).toEqual([true, false])
})

test("days are made and dropped while a reader holds the table", async () => {
  const days = ["2026-03-10", "2026-03-11"]
  await createPartitions(sql, [visits], days)
  await sql`insert into visits values (7, '2026-03-10'), (8, '2026-03-11')`
  const reader = connect(url, { max: 1 })
  let dropped = false
  let dropping: Promise<void> | null = null
  await reader.begin(async (tx) => {
    expect((await tx`select id from visits where day = '2026-03-11'`).length).toBe(1)
    await createPartitions(sql, [visits], ["2026-03-12"])
    const [first] = (await listPartitions(sql, [visits])).filter((each) => each.day === days[0])
    dropping = dropPartition(sql, first!).then(() => {
      dropped = true
    })
    await until(async () => (await states()).includes("2026-03-10 detaching"))
    // Others go on meanwhile: neither readers nor writers queue behind the detach.
    await sql`insert into visits values (9, '2026-03-12')`
    expect((await sql`select count(*)::int as n from visits where day >= '2026-03-11'`)[0]?.n).toBe(
      2,
    )
    expect(dropped).toBe(false)
  })
  await dropping
  expect(await states()).not.toContain("2026-03-10 detaching")
  expect((await sql`select to_regclass('visits_20260310') as name`)[0]?.name).toBeNull()
  await reader.end()
})

test("an interrupted drop goes on where it stood", async () => {
  await createPartitions(sql, [visits], ["2026-04-01", "2026-04-02"])
  const holder = connect(url, { max: 1 })
  const worker = connect(url, { max: 1, statementTimeoutMs: 300 })
  await holder.begin(async (tx) => {
    await tx`select count(*) from visits`
    const [victim] = (await listPartitions(sql, [visits])).filter((p) => p.day === "2026-04-01")
    await expect(dropPartition(worker, victim!)).rejects.toThrow("statement timeout")
  })
  expect(await states()).toContain("2026-04-01 detaching")
  await sql`alter table visits detach partition visits_20260402`
  expect(await states()).toContain("2026-04-02 detached")
  for (const left of await listPartitions(sql, [visits])) {
    if (left.state !== "attached") await dropPartition(sql, left)
  }
  expect((await states()).filter((state) => !state.endsWith(" attached"))).toEqual([])
  await Promise.all([holder.end(), worker.end()])
})

test("a day whose drop was interrupted can be made anew, and the late drop leaves the new one alone", async () => {
  const day = "2026-05-01"
  await createPartitions(sql, [visits], [day])
  await sql`insert into visits values (1, ${day})`
  const [victim] = (await listPartitions(sql, [visits])).filter((p) => p.day === day)
  await sql`alter table visits detach partition visits_20260501`
  expect(await createPartitions(sql, [visits], [day])).toEqual(["visits_20260501"])
  await sql`insert into visits values (2, ${day})`
  await dropPartition(sql, { ...victim!, state: "detached" })
  expect((await sql`select id from visits where day = ${day}`).map((row) => row.id)).toEqual([2])
})

test("a day whose detaching was interrupted can be made anew", async () => {
  const day = "2026-05-02"
  await createPartitions(sql, [visits], [day])
  const holder = connect(url, { max: 1 })
  const cron = connect(url, { max: 1, statementTimeoutMs: 300 })
  await holder.begin(async (tx) => {
    await tx`select count(*) from visits`
    const [victim] = (await listPartitions(sql, [visits])).filter((p) => p.day === day)
    await expect(dropPartition(cron, victim!)).rejects.toThrow("statement timeout")
  })
  expect(await states()).toContain(`${day} detaching`)
  await createPartitions(sql, [visits], [day])
  await sql`insert into visits values (1, ${day})`
  expect(await states()).toContain(`${day} attached`)
  await Promise.all([holder.end(), cron.end()])
})

test("days are counted over the ends of months and years", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01")
  expect(addDays("2028-03-01", -1)).toBe("2028-02-29")
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await Bun.sleep(5)
}
