import { beforeAll, expect, test } from "bun:test"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { $ } from "bun"
import { type Acme, foundAcme } from "../support/acme.ts"
import { startChromium } from "../support/chromium.ts"
import { BREAKPAD, BREAKPAD_ID, elfFile } from "../support/debug-files.ts"
import { startAppliance } from "../support/executable.ts"
import { temporaryFolder, until } from "../support/services.ts"
import { type UploadingCli, uploadingCli } from "../support/uploading-cli.ts"
import { signIn } from "../support/watched-page.ts"

/** Mappings, symbols and sources uploaded by the real tool, and what the pages say of them. */

const SOURCES_ID = "0f0f0f0f-1111-5222-8333-444444444444"
const MAPPING = "shop.Cart -> a.a:\n    1:3:void add():3:5 -> b\n"

let acme: Acme
let dsn: string
let cli: UploadingCli["cli"]
const folder = temporaryFolder("debug-files")
const browser = await startChromium()
const appliance = await startAppliance()

beforeAll(async () => {
  acme = await foundAcme(appliance)
  dsn = await acme.project("till", "java")
  ;({ cli } = await uploadingCli(acme, "till"))
}, 120_000)

type Listed = {
  debugId: string
  symbolType: string
  objectName: string
  data: { features: string[] }
}
const listed = () => acme.get<Listed[]>("/projects/acme/till/files/dsyms/")

async function compile(): Promise<string> {
  const path = join(folder, "libtill.so")
  if (!Bun.which("gcc")) {
    await Bun.write(path, elfFile({ buildId: "ab".repeat(20), symbols: [["charge", 0x1000, 16]] }))
    return path
  }
  await Bun.write(join(folder, "till.c"), "int charge(int n) { return n * 3; }\n")
  await $`gcc -shared -fPIC -g -Wl,--build-id=sha1 -o ${path} ${join(folder, "till.c")}`.quiet()
  return path
}

test("sentry-cli uploads ELF and Breakpad files, and sends nothing twice", async () => {
  const symbols = join(folder, "till.sym")
  await Bun.write(symbols, BREAKPAD)
  const library = await compile()
  expect(await cli(3, "debug-files", "upload", "--wait", symbols, library)).toContain(BREAKPAD_ID)
  const found = await listed()
  expect(found.map(({ symbolType }) => symbolType).sort()).toEqual(["breakpad", "elf"])
  expect(found.find(({ symbolType }) => symbolType === "elf")).toMatchObject({
    objectName: "libtill.so",
    data: { features: expect.arrayContaining(["symtab"]) },
  })
  expect(await cli(2, "debug-files", "upload", "--wait", symbols)).not.toContain("Uploaded 1")
  expect(await listed()).toHaveLength(2)
}, 120_000)

test("sentry-cli uploads a mapping and a bundle of sources", async () => {
  const mapping = join(folder, "mapping.txt")
  await Bun.write(mapping, MAPPING)
  await cli(3, "upload-proguard", "--uuid", BREAKPAD_ID, mapping)
  const sources = join(folder, "src/main/java/shop")
  mkdirSync(sources, { recursive: true })
  await Bun.write(
    join(sources, "Cart.java"),
    "package shop;\n\nclass Cart {\n  void add() {\n    refuse();\n",
  )
  const bundles = join(folder, "bundles")
  await cli(
    3,
    "debug-files",
    "bundle-jvm",
    "--debug-id",
    SOURCES_ID,
    "--output",
    bundles,
    join(folder, "src/main/java"),
  )
  await cli(3, "debug-files", "upload", "--type", "jvm", "--wait", bundles)
  const kinds = (await listed()).map(({ symbolType }) => symbolType)
  expect(kinds).toContain("proguard")
  expect(kinds).toContain("sourcebundle")
}, 120_000)

test("the event page shows the names and the line that were written", async () => {
  const { page } = await signIn(browser, appliance.url)
  const id = crypto.randomUUID().replaceAll("-", "")
  const frame = { module: "a.a", function: "b", filename: "SourceFile", lineno: 3, in_app: true }
  const event = {
    event_id: id,
    platform: "java",
    exception: { values: [{ type: "Error", value: "refused", stacktrace: { frames: [frame] } }] },
    debug_meta: {
      images: [
        { type: "proguard", uuid: BREAKPAD_ID },
        { type: "jvm", debug_id: SOURCES_ID },
      ],
    },
  }
  const { host, username, pathname } = new URL(dsn)
  const response = await fetch(`http://${host}/api${pathname}/store/?sentry_key=${username}`, {
    method: "POST",
    body: JSON.stringify(event),
  })
  expect(response.status).toBe(200)
  let issue: { id: string } | undefined
  await until(`event ${id}`, async () => {
    ;[issue] = await acme.get<{ id: string }[]>(`/organizations/acme/issues/?query=${id}`)
    if (!issue) await Bun.sleep(200)
    return issue !== undefined
  })
  await page.goto(`${appliance.url}/organizations/acme/issues/${issue?.id}/`)
  expect(await page.locator("#images").textContent()).toContain(SOURCES_ID)
  const trace = await page.locator("#stack-trace").innerText()
  expect(trace).toContain("Cart.java in add at line 5")
  expect(trace).toContain("refuse();")
  await page.close()
}, 60_000)

test("the project's page lists what was uploaded, and deletes it", async () => {
  const { page } = await signIn(browser, appliance.url)
  await page.goto(`${appliance.url}/settings/acme/projects/till/debug-symbols/`)
  expect(await page.getByRole("row").count()).toBe(5)
  expect(await page.locator("main").innerText()).toContain(BREAKPAD_ID)
  await page.getByRole("button", { name: "Delete" }).first().click()
  await page.getByText("Debug file deleted.").waitFor()
  expect(await listed()).toHaveLength(3)
  await page.close()
}, 60_000)
