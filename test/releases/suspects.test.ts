import { expect, test } from "bun:test"
import { fileNames, suspectCommits } from "#releases/suspects.ts"

/** `c1 src/a.py`: what commit c1 changed, newest commit first. */
const touched = (...lines: string[]) =>
  lines.map((line) => {
    const [commitId = "", path = ""] = line.split(" ")
    return { commitId, path }
  })
const scores = (frames: string[], ...lines: string[]) =>
  suspectCommits(frames, touched(...lines)).map(({ commitId, score }) => `${commitId} ${score}`)

test("the newest frames count the most, a file of the longest common path is the one", () => {
  expect(
    scores(
      ["app/billing/invoice.py", "app/views.py"],
      "new src/app/views.py",
      "old src/app/billing/invoice.py",
      "other other/billing/invoice.py",
    ),
  ).toEqual(["old 5", "new 4"])
})

test("several commits of one file share a frame's points", () => {
  expect(scores(["a/b.py"], "new a/b.py", "old x/a/b.py")).toEqual(["new 5", "old 5"])
})

test("a name alone is enough only for a file that has no folder", () => {
  expect(scores(["b/index.js"], "c1 a/index.js")).toEqual([])
  expect(scores(["b/index.js"], "c1 index.js")).toEqual(["c1 5"])
})

test("frames that no commit touched take no points away, and five are counted", () => {
  const frames = ["none.py", ...["a", "b", "c", "d", "e", "f"].map((name) => `x/${name}.py`)]
  const files = ["a", "b", "c", "d", "e", "f"].map((name) => `${name} x/${name}.py`)
  expect(scores(frames, ...files)).toEqual(["a 5", "b 4", "c 3", "d 2", "e 1"])
})

test("case and the kind of slash do not count", () => {
  expect(scores(["App\\Billing\\Invoice.cs"], "c1 app/billing/invoice.cs")).toEqual(["c1 5"])
  expect(fileNames(["C:\\App\\Invoice.cs", "", "app/invoice.cs"])).toEqual(["invoice.cs"])
})
