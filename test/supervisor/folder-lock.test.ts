import { expect, test } from "bun:test"
import { FolderInUse, lockFolder } from "#supervisor/folder-lock.ts"
import { temporaryFolder } from "../support/services.ts"

test("a folder that `run all` holds is refused at once, and free after its release", async () => {
  const folder = temporaryFolder("lock")
  const lock = await lockFolder(folder, "run all")
  const refusal = await lockFolder(folder, "command").catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(FolderInUse)
  expect((refusal as FolderInUse).holder).toBe("run all")
  expect((refusal as FolderInUse).message).toContain(String(process.pid))
  lock.release()
  const again = await lockFolder(folder, "command")
  again.release()
})

test("a command is waited for", async () => {
  const folder = temporaryFolder("lock")
  const first = await lockFolder(folder, "command")
  const second = lockFolder(folder, "run all")
  first.release()
  const lock = await second
  lock.release()
})
