import { afterAll } from "bun:test"
import { createHash } from "node:crypto"
import { migrations } from "#migrations.ts"
import { connect, type Sql } from "#platform/db.ts"
import { migrate } from "#platform/migrate.ts"

const SERVER = process.env.TEST_DATABASE_URL ?? "postgres://postgres@127.0.0.1:55432"
/** Held while the template is made, so that test files running side by side make it once. */
const TEMPLATE_LOCK = 7_300_099

/** Gives the calling test file its own database, cloned from a template with the current schema; dropped in afterAll. */
export async function testDatabase(): Promise<{ sql: Sql; url: string }> {
  const admin = connect(`${SERVER}/postgres`, { max: 1 })
  const template = await ensureTemplate(admin)
  const name = `sl_test_${crypto.randomUUID().replaceAll("-", "")}`
  await admin.unsafe(`create database ${name} template ${template}`)
  const url = `${SERVER}/${name}`
  const sql = connect(url)
  afterAll(async () => {
    await sql.end({ timeout: 1 })
    await admin.unsafe(`drop database ${name} with (force)`)
    await admin.end()
  })
  return { sql, url }
}

async function ensureTemplate(admin: Sql): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(migrations)).digest("hex").slice(0, 12)
  const name = `sl_template_${hash}`
  await admin`select pg_advisory_lock(${TEMPLATE_LOCK})`
  try {
    const [found] = await admin`select 1 from pg_database where datname = ${name}`
    if (!found) await makeTemplate(admin, name)
  } finally {
    await admin`select pg_advisory_unlock(${TEMPLATE_LOCK})`
  }
  return name
}

/** Made under another name first: a half-migrated template must never be found. */
async function makeTemplate(admin: Sql, name: string): Promise<void> {
  const draft = `${name}_draft`
  await admin.unsafe(`drop database if exists ${draft} with (force)`)
  await admin.unsafe(`create database ${draft}`)
  const sql = connect(`${SERVER}/${draft}`, { max: 1 })
  await migrate(sql, migrations)
  await sql.end()
  await admin.unsafe(`alter database ${draft} rename to ${name}`)
}
