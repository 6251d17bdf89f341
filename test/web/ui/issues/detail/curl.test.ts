import { expect, test } from "bun:test"
import { curlCommand } from "#web/ui/issues/detail/sections/curl.ts"

const URL = "https://shop.test/pay"

/** What a shell makes of the command, with curl replaced by something that prints its words. */
function wordsOf(command: string | null): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }; ${command}`
  const { stdout, stderr } = Bun.spawnSync(["/bin/sh", "-c", script])
  expect(stderr.toString()).toBe("")
  return stdout.toString().split("\0").slice(0, -1)
}

test("a request becomes the command that repeats it, without what was scrubbed", () => {
  const command = curlCommand({
    url: URL,
    method: "POST",
    query_string: [["page", "2"]],
    headers: [
      ["Accept", "text/html"],
      ["Authorization", "Bearer [Filtered]"],
      ["Host", "shop.test"],
    ],
    cookies: [
      ["theme", "dark"],
      ["sessionid", "[Filtered]"],
    ],
    data: { a: 1 },
  })
  expect(wordsOf(command)).toEqual([
    ...["--globoff", `${URL}?page=2`, "-X", "POST", "-H", "Accept: text/html"],
    ...["-b", "theme=dark", "--data-raw", '{"a":1}'],
  ])
})

test("nothing foreign leaves its quotes, reads a file or reaches the terminal", () => {
  const body = "'; touch /tmp/owned; echo $(id) `id` \\ \u001b[201~ \r\nnext"
  const command = curlCommand({
    url: `${URL}?a='$(id)'`,
    method: "PUT",
    headers: [
      ["@/etc/passwd", "x"],
      ["X-A", "b'; id\nX-B: c"],
    ],
    data: body,
  })
  expect(wordsOf(command)).toEqual([
    ...["--globoff", `${URL}?a='$(id)'`, "-X", "PUT", "-H", "X-A: b'; id X-B: c"],
    ...["--data-raw", "'; touch /tmp/owned; echo $(id) `id` \\ [201~ \nnext"],
  ])
})

test("only http addresses become a command", () => {
  expect(curlCommand({ url: "javascript:alert(1)" })).toBeNull()
  expect(curlCommand({ url: "file:///etc/passwd" })).toBeNull()
  expect(curlCommand({ url: URL, method: "GET; id" })).toBeNull()
  expect(curlCommand({})).toBeNull()
})
