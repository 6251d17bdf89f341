import { expect, test } from "bun:test"
import { settingsText } from "#platform/postgres/settings.ts"

const GIB = 1024 ** 3
const plain = { socketFolder: "/data/run", memoryBytes: 2 * GIB, hasOwn: false }

test("it listens on its socket alone and answers a commit when it is on the disk", () => {
  const text = settingsText(plain)
  expect(text).toContain("listen_addresses = ''\n")
  expect(text).toContain(`unix_socket_directories = '"/data/run"'\n`)
  expect(text).toContain("synchronous_commit = on\n")
  expect(text).toContain("fsync = on\n")
})

test("a quote in the folder's name stays inside its value", () => {
  const text = settingsText({ ...plain, socketFolder: "/it's, here" })
  expect(text).toContain(`unix_socket_directories = '"/it''s, here"'\n`)
})

test.each([
  [GIB / 4, "64MB"],
  [2 * GIB, "256MB"],
  [64 * GIB, "512MB"],
])("with %d bytes of memory it takes %s for its buffers", (memoryBytes, buffers) => {
  expect(settingsText({ ...plain, memoryBytes })).toContain(`shared_buffers = ${buffers}\n`)
})

test("an operator's own settings are read last", () => {
  expect(settingsText({ ...plain, hasOwn: true })).toEndWith("include = 'postgresql.own.conf'\n")
})
