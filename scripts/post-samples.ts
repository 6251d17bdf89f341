import { join, resolve } from "node:path"
import { Glob } from "bun"
import { connect } from "#platform/db.ts"
import { embeddedUrl } from "#platform/postgres/server.ts"
import { foundAcme } from "../test/support/acme.ts"
import { launchChromium } from "../test/support/chromium.ts"
import { launchAppliance } from "../test/support/executable.ts"
import { type Post, postAndLook, type Verdict } from "../test/support/post-and-look.ts"
import { envelopePost, storePost } from "../test/support/sample-posts.ts"
import { signIn } from "../test/support/watched-page.ts"

const HELP = `Usage: bun scripts/post-samples.ts FOLDER

Posts every *.json below FOLDER, one event each, to the store and to the envelope endpoint of an
appliance of its own, and looks at every page of what is stored: the issue, the event, its JSON and
text, and the Web API, in Chromium. Prints a table; exits with 1 when anything is refused, not
stored, or shown with an error or with markup that runs.`

const [folder, ...rest] = process.argv.slice(2)
if (!folder || folder.startsWith("-") || rest.length > 0) {
  const isAsked = folder === "--help" || folder === "-h"
  ;(isAsked ? console.log : console.error)(HELP)
  process.exit(isAsked ? 0 : 2)
}
const verdicts = await judge(resolve(folder))
print(verdicts)
process.exit(verdicts.length > 0 && verdicts.every(({ faults }) => faults.length === 0) ? 0 : 1)

async function judge(root: string): Promise<Verdict[]> {
  const appliance = await launchAppliance()
  const browser = await launchChromium()
  const sql = connect(await embeddedUrl(appliance.dataDir), { max: 1 })
  try {
    const acme = await foundAcme(appliance)
    const dsn = { store: await acme.project("store"), envelope: await acme.project("envelope") }
    const watched = await signIn(browser, appliance.url)
    return await postAndLook({ acme, sql, watched }, await samples(root, dsn))
  } finally {
    await sql.end()
    await browser.close()
    await appliance.kill()
  }
}

async function samples(root: string, dsn: { store: string; envelope: string }): Promise<Post[]> {
  const names = await Array.fromAsync(new Glob("**/*.json").scan(root))
  const seen = new Set<string>()
  const posts: Post[] = []
  for (const name of names.sort()) {
    const text = withOwnId(await Bun.file(join(root, name)).text(), seen)
    posts.push(storePost(name, text, dsn.store), envelopePost(name, text, dsn.envelope))
  }
  return posts
}

/** Samples made from one another share their id, and an id is stored once. */
function withOwnId(text: string, seen: Set<string>): string {
  const event = JSON.parse(text)
  const id = String(event.event_id ?? "")
    .replaceAll("-", "")
    .toLowerCase()
  if (id !== "" && !seen.has(id)) {
    seen.add(id)
    return text
  }
  return JSON.stringify({ ...event, event_id: crypto.randomUUID().replaceAll("-", "") })
}

function print(rows: readonly Verdict[]): void {
  for (const { name, endpoint, status, title, faults } of rows) {
    const mark = faults.length === 0 ? "ok    " : "FAILED"
    console.log(`${mark} ${status} ${endpoint.padEnd(8)} ${name.padEnd(64)} ${title.slice(0, 60)}`)
    for (const fault of faults) console.log(`         ${fault}`)
  }
  const failed = rows.filter(({ faults }) => faults.length > 0).length
  console.log(`${rows.length} posted, ${failed} with a fault`)
}
