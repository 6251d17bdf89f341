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
    wordsOf(TYPES, type),
    reason,
    value !== undefined && JSON.stringify(value),
    ...Object.entries(data ?? {}).map(([name, part]) => `${wordsOf(DATA, name)} ${part}`),
  ]
    .filter(Boolean)
    .join(" · ")
}

/** Of types that clients know by these names. */
const TYPES: Record<string, string> = {
  js_no_source: "no source map or source was found",
  js_invalid_source: "a source map or source cannot be used",
  js_invalid_sourcemap_location: "the source map does not know the place",
  js_missing_sources_content: "the source map holds no source",
  native_missing_dsym: "a debug file is missing",
  native_bad_dsym: "a debug file cannot be used",
  proguard_missing_mapping: "the ProGuard mapping is missing",
  proguard_missing_lineno: "the ProGuard mapping holds no lines",
}
const DATA: Record<string, string> = {
  image_path: "image",
  image_uuid: "debug id",
  image_arch: "processor",
  mapping_uuid: "mapping",
}

function wordsOf(words: Record<string, string>, name: string): string {
  return (Object.hasOwn(words, name) ? words[name] : undefined) ?? name.replaceAll("_", " ")
}
