import type { MetaNote } from "#normalize/meta.ts"
import { plainText } from "../foreign-text.tsx"
import { noteText } from "./notes.ts"

const MAX_CHARACTERS = 300

/** Says beside a value that it was cut or changed on the way in, and why. */
export function ValueNote({ note }: { note: MetaNote | undefined }) {
  const text = note && noteText(note)
  return text ? <span class="value-note">{plainText(text, MAX_CHARACTERS)}</span> : null
}

/** Stands where a value was. */
export function RemovedValue({ note }: { note: MetaNote }) {
  const text = noteText(note)
  const sentence = text.startsWith("removed") ? text : `removed: ${text}`
  return <span class="value-note">{plainText(sentence, MAX_CHARACTERS)}</span>
}
