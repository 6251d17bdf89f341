import type { App } from "#app.ts"
import { messageOf } from "#platform/errors.ts"
import type { Service } from "#platform/service.ts"
import type { VerdictBook } from "#stats/verdict-book.ts"
import { insertVerdicts } from "#stats/verdict-store.ts"

const EVERY_MS = 5000

/** Writes down now and then what became of what was not stored. */
export function writeVerdicts(app: Pick<App, "sql" | "log">, book: VerdictBook): Service {
  const write = () =>
    book
      .flush((verdicts) => insertVerdicts(app.sql, verdicts))
      .catch((error) => app.log.warn({ error: messageOf(error) }, "verdicts not written"))
  let writing = Promise.resolve()
  const timer = setInterval(() => {
    writing = writing.then(write)
  }, EVERY_MS)
  return {
    async stop({ withinMs }) {
      clearInterval(timer)
      await Promise.race([writing.then(write), Bun.sleep(withinMs)])
    },
  }
}
