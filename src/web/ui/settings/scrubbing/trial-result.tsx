import { filterNamed } from "#normalize/filters/catalogue.ts"
import { ruleWords } from "../../components/data/notes.ts"
import { Table } from "../../components/data/table.tsx"
import { Banner } from "../../components/feedback/notice.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import type { ScrubTrial } from "./trial.ts"

const MAX_SHOWN_CHANGES = 200
const MAX_JSON_CHARACTERS = 50_000

/** What the settings would change in the event. */
export function ScrubTrialResult({ trial }: { trial: ScrubTrial }) {
  const { changes, isStored, verdict, after } = trial
  const shown = changes.slice(0, MAX_SHOWN_CHANGES)
  return (
    <>
      {verdict && (
        <Banner tone="warning">
          {`It would not get this far: the filter “${filterNamed(verdict.filter).label}” drops it.`}
        </Banner>
      )}
      {isStored && (
        <Banner>
          This event was scrubbed when it came: what was hidden then is hidden here, too, and
          nothing in it can be brought back. You see what these settings would hide in addition.
        </Banner>
      )}
      {changes.length === 0 ? (
        <Banner tone="success">Nothing in it would be changed.</Banner>
      ) : (
        <Table
          caption="What would be changed"
          rows={shown}
          columns={[
            {
              head: "Where",
              rowHead: true,
              cell: ({ where }) => (
                <code class="anywhere">
                  <ForeignText text={where} max={200} />
                </code>
              ),
            },
            { head: "Before", cell: ({ before }) => <Value value={before} /> },
            { head: "After", cell: ({ after: value }) => <Value value={value} /> },
            {
              head: "Rule",
              cell: ({ rules }) => (
                <span class="anywhere">
                  <ForeignText text={rules.map(ruleWords).join("; ")} max={300} />
                </span>
              ),
            },
          ]}
        />
      )}
      {changes.length > shown.length && (
        <p class="muted">{`And ${changes.length - shown.length} more.`}</p>
      )}
      <details class="more">
        <summary>The event as it would be stored</summary>
        <pre class="scrub-json">
          <ForeignText text={JSON.stringify(after, null, 2)} max={MAX_JSON_CHARACTERS} />
        </pre>
      </details>
    </>
  )
}

const MAX_VALUE_CHARACTERS = 300

function Value({ value }: { value: unknown }) {
  if (value === undefined || value === null) return <span class="muted">gone</span>
  const text = typeof value === "string" ? value : JSON.stringify(value)
  if (text === "") return <span class="muted">(empty)</span>
  return (
    <span class="anywhere">
      <ForeignText text={text} max={MAX_VALUE_CHARACTERS} />
    </span>
  )
}
