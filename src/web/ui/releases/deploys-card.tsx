import type { DeployEffect } from "#releases/deploy-effects.ts"
import type { Deploy } from "#releases/deploy-store.ts"
import { Card } from "../components/card.tsx"
import { Table } from "../components/data/table.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import type { Shell } from "../shell.ts"
import { absoluteTime } from "../times.ts"
import { type DeployDraft, DeployForm } from "./deploy-form.tsx"
import { isWebAddress } from "./web-address.ts"

type Props = {
  shell: Shell
  deploys: readonly Deploy[]
  /** Of the release, those not shown included. */
  deployCount: number
  effects: ReadonlyMap<string, DeployEffect>
  canChange: boolean
  /** Names in use, to choose from. */
  environments: readonly string[]
  draft: DeployDraft
}

const MAX_CHARACTERS = 100
const number = (value: number) => value.toLocaleString("en")

/** Where the release runs since when, what that changed there, and the form that tells of one more. */
export function DeploysCard(props: Props) {
  const { deploys, deployCount, canChange } = props
  const isCut = deployCount > deploys.length
  return (
    <Card
      title={isCut ? `The newest ${deploys.length} of ${number(deployCount)} deploys` : "Deploys"}
      id="deploys"
      flush
    >
      {deploys.length === 0 && (
        <p class="card-body muted">Nobody told yet where this release runs.</p>
      )}
      {deploys.length > 0 && <Rows {...props} />}
      {canChange && <DeployForm {...props} />}
    </Card>
  )
}

function Rows({ shell, deploys, effects }: Props) {
  return (
    <>
      <Table
        caption="Deploys"
        rows={deploys}
        columns={[
          { head: "Environment", rowHead: true, cell: (row) => <bdi>{row.environment}</bdi> },
          { head: "Name", cell: (row) => <DeployName deploy={row} /> },
          {
            head: "Finished",
            cell: (row) => <TimeAgo at={row.finishedAt} now={shell.now} zone={shell.zone} />,
          },
          { head: "Took", number: true, cell: (row) => took(row.startedAt, row.finishedAt) },
          {
            head: "Events before and after",
            cell: ({ id }) => effectText(effects.get(id), shell),
          },
        ]}
      />
      <p class="card-body muted">
        Before and after: events in that environment that name a release, in the last whole hour
        (UTC) before the deploy and the first one after it.
      </p>
    </>
  )
}

function DeployName({ deploy: { name, url } }: { deploy: Deploy }) {
  const text = name ?? url ?? "none"
  const shown = <ForeignText text={text} max={MAX_CHARACTERS} />
  return url !== null && isWebAddress(url) ? (
    <a href={url} rel="noreferrer noopener nofollow">
      {shown}
    </a>
  ) : (
    shown
  )
}

function took(from: Date | null, to: Date): string {
  if (!from || from > to) return "not told"
  const seconds = Math.round((to.getTime() - from.getTime()) / 1000)
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}

function effectText(effect: DeployEffect | undefined, shell: Shell) {
  if (!effect || effect.kind === "unknown") return <span class="muted">not counted</span>
  if (effect.kind === "early") {
    const at = absoluteTime(effect.knownFrom, shell.zone)
    return (
      <span class="muted" title={`Known from ${at} on`}>
        too early to tell
      </span>
    )
  }
  return `${number(effect.before)} → ${number(effect.after)}`
}
