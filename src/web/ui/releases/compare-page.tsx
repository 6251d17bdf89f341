import type { ReleaseIssue } from "#issues/resolving/release-issues-store.ts"
import type { Deploy } from "#releases/deploy-store.ts"
import type { Commit } from "#releases/history-store.ts"
import { urls } from "#urls.ts"
import { Badge } from "../components/badge.tsx"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { CommitList } from "../components/commit-list.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { plainText } from "../components/foreign-text.tsx"
import { Icon } from "../components/icon.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import type { Shell } from "../shell.ts"
import { IssueTable } from "./issue-table.tsx"
import { type ReleaseFrame, ReleaseLayout } from "./release-layout.tsx"
import type { Side, Sides } from "./side.ts"
import { type ComparedRow, ComparedTable, verdictRows } from "./verdict.tsx"
import { VersionLink, versionText } from "./version-name.tsx"

/** One of two releases with what its numbers are made of. */
export type ComparedSide = Side & {
  eventsInPeriod: number
  deploys: readonly Pick<Deploy, "environment" | "finishedAt">[]
  newIssues: readonly ReleaseIssue[]
  regressed: readonly ReleaseIssue[]
  commits: readonly Commit[]
}

export type ComparePageProps = ReleaseFrame & {
  /** What was asked for; "" = nothing. */
  other: string
  /** Why there is nothing to compare with. */
  mistake: string | null
  hours: Sides["hours"]
  /** The one that came first, first. */
  pair: readonly [from: ComparedSide, to: ComparedSide] | null
  /** Versions to choose from. */
  choices: readonly string[]
}

const number = (value: number) => value.toLocaleString("en")

export function ComparePage(props: ComparePageProps) {
  const { org, shell, hours, pair } = props
  return (
    <ReleaseLayout {...props} tab="compare">
      <Chooser {...props} />
      {!pair && (
        <EmptyState title="Nothing to compare with yet">
          <p>Name another release; the address of the comparison can be passed on.</p>
        </EmptyState>
      )}
      {pair && (
        <>
          <Card title="In numbers" flush>
            <ComparedTable
              org={org}
              caption="Two releases in numbers"
              rows={[...verdictRows(hours), ...moreRows(shell)]}
              from={pair[0]}
              to={pair[1]}
            />
          </Card>
          <div class="release-pair">
            {pair.map((side) => (
              <SideCards shell={shell} org={org} side={side} />
            ))}
          </div>
        </>
      )}
    </ReleaseLayout>
  )
}

function Chooser({ org, release, other, mistake, choices }: ComparePageProps) {
  return (
    <search>
      <form class="search-form release-search" action={urls.compareReleases(org, release.version)}>
        <input
          class="input"
          type="search"
          name="with"
          value={other}
          list="versions"
          maxlength={250}
          aria-label="The other release, by its whole name"
          placeholder="The other release, by its whole name"
          {...(mistake && { "aria-invalid": "true", "aria-describedby": "with-error" })}
        />
        <datalist id="versions">
          {choices.map((version) => (
            <option value={version} />
          ))}
        </datalist>
        <Button>Compare</Button>
      </form>
      {mistake && (
        <p class="field-error release-mistake" id="with-error" role="alert">
          <Icon name="circle-alert" />
          {mistake}
        </p>
      )}
    </search>
  )
}

function moreRows(shell: Shell): ComparedRow<ComparedSide>[] {
  const time = (at: Date | null) =>
    at ? <TimeAgo at={at} now={shell.now} zone={shell.zone} /> : "never"
  return [
    { what: "Events in 14 days", of: ({ eventsInPeriod }) => number(eventsInPeriod) },
    { what: "Date", of: ({ release }) => time(release.releasedAt ?? release.createdAt) },
    { what: "First event", of: ({ release }) => time(release.firstEventAt) },
    { what: "Last event", of: ({ release }) => time(release.lastEventAt) },
    {
      what: "Runs in",
      of: ({ deploys }) =>
        deploys.length === 0 ? (
          <span class="muted">not told</span>
        ) : (
          <span class="deploy-chips">
            {deploys.map(({ environment, finishedAt }) => (
              <Badge>
                <bdi>{environment}</bdi>
                {time(finishedAt)}
              </Badge>
            ))}
          </span>
        ),
    },
    { what: "Commits", of: ({ release }) => number(release.commitCount) },
    {
      what: "Authors",
      of: ({ release: { authors } }) =>
        authors.length === 0 ? (
          <span class="muted">not told</span>
        ) : (
          <bdi>{plainText(authors.map(({ name }) => name).join(", "), 200)}</bdi>
        ),
    },
  ]
}

function SideCards({ shell, org, side }: { shell: Shell; org: string; side: ComparedSide }) {
  const { release, newIssues, regressed, commits } = side
  const name = versionText(release.version)
  return (
    <section class="stack" aria-label={name}>
      <h2>
        <VersionLink org={org} version={release.version} />
      </h2>
      <Card title={`New issues (${number(release.newIssues)})`} level={3} flush>
        <IssueTable
          shell={shell}
          org={org}
          caption={`Issues first seen in ${name}`}
          issues={newIssues}
          none="No issue was first seen in it."
        />
      </Card>
      <Card title={`Came back in it (${number(side.regressions)})`} level={3} flush>
        <IssueTable
          shell={shell}
          org={org}
          caption={`Resolved issues that came back in ${name}`}
          issues={regressed}
          none="No resolved issue came back in it."
        />
      </Card>
      <Card
        title={`Commits (${number(release.commitCount)})`}
        actions={<a href={urls.releaseCommits(org, release.version)}>All of them</a>}
        level={3}
        flush
      >
        {commits.length === 0 ? (
          <p class="card-body muted">No commits were told of.</p>
        ) : (
          <CommitList shell={shell} commits={commits} />
        )}
      </Card>
    </section>
  )
}
