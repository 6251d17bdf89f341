import { expect, setDefaultTimeout, test } from "bun:test"
import { cliOnTerminal } from "../support/cli.ts"
import { testDatabase } from "../support/database.ts"

setDefaultTimeout(60_000)

const { sql, url } = await testDatabase()
const env = { DATABASE_URL: url, SENTRY_SECRET_KEY: "a secret key that is only good for tests" }
const PASSWORD = "correct horse staple"

test("on a terminal createuser asks, and shows no password", async () => {
  const { exitCode, screen } = await cliOnTerminal(
    ["createuser", "--superuser"],
    [
      ["Email:", "ada@example.com\r"],
      ["Password:", `${PASSWORD}\r`],
      ["Repeat:", `${PASSWORD}\r`],
    ],
    env,
  )
  expect({ exitCode, screen }).toEqual({
    exitCode: 0,
    screen: expect.stringContaining("User created: ada@example.com"),
  })
  expect(screen).not.toContain(PASSWORD)
})

test.each([
  ["Ctrl-C", "\u0003"],
  ["Ctrl-D", "\u0004"],
])("%s at a question ends the command with 130, whatever would be asked next", async (_, key) => {
  const asked = await cliOnTerminal(["createuser"], [["Email:", key]], env)
  expect(asked).toEqual({ exitCode: 130, screen: expect.stringContaining("interrupted") })
  const words = ["createuser", "--email", "eve@example.com"]
  const hidden = await cliOnTerminal(words, [["Password:", key]], env)
  expect(hidden.exitCode).toBe(130)
  expect((await sql`select 1 from users where email = 'eve@example.com'`).length).toBe(0)
})
