import type { Tombstone } from "#issues/moving/deleting-store.ts"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Table } from "../../components/data/table.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import { Csrf } from "../../components/forms/form.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import type { Shell } from "../../shell.ts"

type DiscardsCardProps = {
  shell: Shell
  tombstones: readonly Tombstone[]
  canWrite: boolean
}

/** What was deleted and discarded: whose events are dropped, and since when. */
export function DiscardsCard({ shell, tombstones, canWrite }: DiscardsCardProps) {
  return (
    <Card title="Discarded issues" id="discards" flush={tombstones.length > 0}>
      {tombstones.length === 0 ? (
        <p>
          Nothing is discarded. "Delete and discard" on an issue drops all events like it from then
          on.
        </p>
      ) : (
        <form method="post">
          <Csrf token={shell.csrf} />
          <input type="hidden" name="action" value="undiscard" />
          <Table
            caption="Discarded issues"
            rows={tombstones}
            columns={[
              {
                head: "Issue",
                rowHead: true,
                cell: ({ title, culprit }) => (
                  <>
                    <ForeignText text={title} max={160} />
                    {culprit && (
                      <p class="muted">
                        <ForeignText text={culprit} max={160} />
                      </p>
                    )}
                  </>
                ),
              },
              {
                head: "Discarded",
                cell: ({ discardedAt, discardedBy }) => (
                  <>
                    <TimeAgo at={discardedAt} now={shell.now} zone={shell.zone} />
                    {discardedBy && <ForeignText text={` by ${discardedBy}`} max={80} />}
                  </>
                ),
              },
              { head: "Fingerprints", number: true, cell: ({ hashes }) => hashes },
              {
                head: "Take back",
                quiet: true,
                cell: ({ id }) =>
                  canWrite ? (
                    <Button size="small" name="tombstone" value={id}>
                      Let it come again
                    </Button>
                  ) : null,
              },
            ]}
          />
        </form>
      )}
    </Card>
  )
}
