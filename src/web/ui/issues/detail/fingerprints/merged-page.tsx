import type { IssueHash } from "#issues/moving/hash-store.ts"
import { urls } from "#urls.ts"
import { Button } from "../../../components/button.tsx"
import { Card } from "../../../components/card.tsx"
import { Table } from "../../../components/data/table.tsx"
import { EmptyState } from "../../../components/feedback/empty-state.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import { type FieldErrors, Form } from "../../../components/forms/form.tsx"
import { TimeAgo } from "../../../components/time-ago.tsx"
import type { Shell } from "../../../shell.ts"
import { IssueShell } from "../issue-shell.tsx"
import type { IssueFrame } from "../load.ts"

/** A fingerprint with what the newest event that came by it is made of. */
export type SeenHash = IssueHash & {
  title: string | null
  eventId: string | null
  values: string[]
}

type MergedPageProps = {
  shell: Shell
  org: string
  frame: IssueFrame
  hashes: readonly SeenHash[]
  errors: FieldErrors
}

/** The newest values say most. */
const MAX_VALUES = 8

export function MergedPage({ shell, org, frame, hashes, errors }: MergedPageProps) {
  const { issue } = frame
  const canUnmerge = hashes.filter(({ events }) => events > 0).length > 1
  return (
    <IssueShell shell={shell} org={org} frame={frame} tab="merged">
      {hashes.length === 0 ? (
        <EmptyState title="No fingerprints any more">
          <p>They go when retention has taken the issue's last event.</p>
        </EmptyState>
      ) : (
        <Form
          name="unmerge"
          csrf={shell.csrf}
          errors={errors}
          buttons={
            canUnmerge ? (
              <Button>Take the selected ones out</Button>
            ) : (
              <p class="muted">
                All stored events came by one fingerprint: there is nothing to take out.
              </p>
            )
          }
        >
          <Card title="Fingerprints in this issue" flush>
            <Table
              caption="Fingerprints in this issue"
              rows={hashes}
              columns={[
                {
                  head: "Select",
                  quiet: true,
                  cell: (hash) =>
                    canUnmerge && hash.events > 0 ? (
                      <input
                        type="checkbox"
                        name="hash"
                        value={hash.id}
                        aria-label={`Select ${hash.hash}`}
                      />
                    ) : null,
                },
                {
                  head: "Fingerprint",
                  rowHead: true,
                  cell: (hash) => <HashCell hash={hash} org={org} issueId={issue.id} />,
                },
                { head: "Events", number: true, cell: ({ events }) => events.toLocaleString("en") },
                {
                  head: "Last seen",
                  cell: ({ lastSeen }) =>
                    lastSeen ? <TimeAgo at={lastSeen} now={shell.now} zone={shell.zone} /> : "",
                },
              ]}
            />
          </Card>
          <p class="muted">
            What is taken out becomes an issue of its own and stays one, unless somebody merges it
            again. A fingerprint without events came along with another one, and goes where that
            goes.
          </p>
        </Form>
      )}
    </IssueShell>
  )
}

function HashCell({ hash, org, issueId }: { hash: SeenHash; org: string; issueId: string }) {
  return (
    <>
      <code>{hash.hash}</code>
      {hash.title !== null && hash.eventId !== null && (
        <p>
          <a href={urls.event(org, issueId, hash.eventId)}>
            <ForeignText text={hash.title} max={160} />
          </a>
        </p>
      )}
      {hash.values.length > 0 && (
        <details class="more">
          <summary>
            {hash.values.length === 1 ? "made of 1 value" : `made of ${hash.values.length} values`}
          </summary>
          <ul class="mono anywhere">
            {hash.values.slice(-MAX_VALUES).map((value) => (
              <li>
                <ForeignText text={value} max={200} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
