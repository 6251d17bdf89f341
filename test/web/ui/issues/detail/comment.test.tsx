import { expect, test } from "bun:test"
import { Comment } from "#web/ui/issues/detail/activity/comment.tsx"
import { effortOf } from "../../../../support/effort.ts"

const htmlOf = (text: string) => String(<Comment text={text} />)

test("a comment is Markdown without anything that runs or asks another site", () => {
  const html = htmlOf(
    'a **b** `c` <script>x</script> <img src="https://x.test/a"> [d](javascript:x) [e](https://e.test/) <p onclick="x" style="y">',
  )
  expect(html).toContain("<strong>b</strong>")
  expect(html).toContain('<a href="https://e.test/" rel="noopener noreferrer nofollow">e</a>')
  expect(html).not.toMatch(/<script|<img|javascript:|onclick|style=/)
})

test("a long comment, or one of nothing but signs, stands as it was typed", () => {
  expect(htmlOf(`**a** ${"long ".repeat(1200)}`)).toContain("<pre><bdi>**a** long long")
  expect(htmlOf(`${"> ".repeat(1001)}<b>`)).toContain("&lt;b&gt;")
})

test("no comment holds the process up", () => {
  for (const sign of [
    ">",
    "> ",
    "- ",
    "**a _",
    "* * ",
    "1. ",
    "a_",
    "[a](",
    "| a ",
    "<a ",
    " ",
    "a\n=",
    "www.",
  ]) {
    const text = sign.repeat(Math.floor(20_000 / sign.length))
    const short = sign.repeat(Math.floor(5_000 / sign.length))
    const marks = sign.repeat(Math.floor(1_000 / (sign.match(/[!-/:-@[-`{-~]/g)?.length ?? 1)))
    for (const each of [text, short, marks.slice(0, 5_000)]) {
      expect([sign, effortOf(() => htmlOf(each)) < 250]).toEqual([sign, true])
    }
  }
})
