import type { Thread } from "../event.ts"
import { bag, largeBag } from "../values/bag.ts"
import { bool, idText, text } from "../values/coerce.ts"
import { record, valuesOf } from "../values/read.ts"
import { stacktrace } from "./stacktrace.ts"

const MAX_THREADS = 500

const thread = record<Thread>({
  id: idText,
  name: text(1024, 100),
  crashed: bool,
  current: bool,
  main: bool,
  state: text(128),
  stacktrace,
  raw_stacktrace: stacktrace,
  held_locks: bag(largeBag),
})

export const threads = valuesOf(thread, { max: MAX_THREADS, keep: "first" })
