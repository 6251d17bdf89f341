import type { Remapping } from "#maintenance/remap/remap-store.ts"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Progress } from "../../components/feedback/progress.tsx"
import { Form } from "../../components/forms/form.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import type { Shell } from "../../shell.ts"

type Props = { shell: Shell; run: Remapping | null; canApply: boolean }

const number = (value: number) => value.toLocaleString("en")

/** Uploads that came after the events: what the last run did, and a button for another. */
export function ApplyCard({ shell, run, canApply }: Props) {
  const isRunning = run?.status === "running"
  return (
    <Card title="Stored events" id="apply">
      <div class="stack">
        <p>
          New events find what is uploaded here. Events that came before it can be mapped now. Their
          issues stay what they are where all of their events are mapped; events that belong to
          other issues go there.
        </p>
        {isRunning && (
          <Progress
            label={`${number(run.lookedAt)} of ${number(run.total)} events looked at`}
            value={run.lookedAt}
            max={Math.max(1, run.total, run.lookedAt)}
          />
        )}
        {run && !isRunning && <LastRun shell={shell} run={run} />}
        {canApply && !isRunning && (
          <Form csrf={shell.csrf} name="apply" buttons={<Button>Apply to stored events</Button>} />
        )}
      </div>
    </Card>
  )
}

function LastRun({ shell, run }: { shell: Shell; run: Remapping }) {
  const { finishedAt, status, mapped, moved } = run
  return (
    <p class="muted">
      {finishedAt && <TimeAgo at={finishedAt} now={shell.now} zone={shell.zone} />}
      {status === "failed"
        ? ": the last run did not come to its end. Another one starts from the beginning."
        : `: ${number(mapped)} events mapped, ${number(moved)} of them in other issues now.`}
    </p>
  )
}
