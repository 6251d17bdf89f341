import type { NormalizedEvent, ProcessingError } from "#normalize/event.ts"
import { KeyValueTable } from "../../../components/data/key-value.tsx"
import { listNotes, noteText } from "../../../components/data/notes.ts"
import { Section } from "./section.tsx"

/** What was dropped, cut or corrected on the way in: nothing disappears without a word. */
export function ProcessingSection({ event }: { event: NormalizedEvent }) {
  const errors = (event.errors ?? []).map((error) => [error.name, errorText(error)] as const)
  // Errors stand in `_meta`, too; here they are told once, with the value.
  const cuts = listNotes(event._meta).flatMap(([path, { rem, len }]) => {
    const text = noteText({ ...(rem && { rem }), ...(len !== undefined && { len }) })
    return text === "" ? [] : [[path, text] as const]
  })
  const rows = [...errors, ...cuts]
  if (rows.length === 0) return null
  return (
    <Section
      id="errors"
      title="Processing notes"
      count={rows.length}
      {...(errors.length > 0 ? { tone: "warning" } : { folded: true })}
    >
      <KeyValueTable caption="Processing notes" rows={rows} />
    </Section>
  )
}

function errorText({ type, reason, value, data }: ProcessingError): string {
  return [
    type.replaceAll("_", " "),
    reason,
    value !== undefined && JSON.stringify(value),
    ...Object.entries(data ?? {}).map(([name, part]) => `${name} ${part}`),
  ]
    .filter(Boolean)
    .join(" · ")
}
