import type { ReleaseIssue } from "#issues/resolving/release-issues-store.ts"
import type { DeployEffect } from "#releases/deploy-effects.ts"
import type { Deploy } from "#releases/deploy-store.ts"
import type { ReleaseUploads } from "#symbolication/artifacts/upload-store.ts"
import { urls } from "#urls.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { BarChart } from "../components/charts/bar-chart.tsx"
import { ForeignText, hasUnseen } from "../components/foreign-text.tsx"
import { Csrf, type FieldErrors } from "../components/forms/form.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import { DangerForm } from "../settings/danger-form.tsx"
import { ArtifactsCard } from "./artifacts-card.tsx"
import type { DeployDraft } from "./deploy-form.tsx"
import { DeploysCard } from "./deploys-card.tsx"
import { HowToTell } from "./how-to.tsx"
import { IssueTable } from "./issue-table.tsx"
import { issuesHref, quoted } from "./issues-href.ts"
import { type ReleaseFrame, ReleaseLayout } from "./release-layout.tsx"
import type { MissingMaps } from "./sample-maps.ts"
import type { Sides } from "./side.ts"
import { Verdict } from "./verdict.tsx"

export type OverviewProps = ReleaseFrame & {
  address: string
  buckets: readonly { from: Date; events: number }[]
  environments: readonly { name: string; events: number; lastHour: Date }[]
  newIssues: readonly ReleaseIssue[]
  regressed: readonly ReleaseIssue[]
  resolvedIssues: readonly ReleaseIssue[]
  /** This release and the one before it. */
  verdict: Sides
  deploys: readonly Deploy[]
  effects: ReadonlyMap<string, DeployEffect>
  deployDraft: DeployDraft
  /** Of its projects. */
  environmentNames: readonly string[]
  uploads: readonly ReleaseUploads[]
  maps: MissingMaps
  /** May mark a deploy, archive and delete it. */
  canChange: boolean
  errors?: FieldErrors | undefined
}

export function OverviewPage(props: OverviewProps) {
  const { shell, org, release, address } = props
  const query = `release:${quoted(release.version)}`
  return (
    <ReleaseLayout {...props} tab="overview">
      <Card
        title="Events in 14 days"
        actions={<a href={issuesHref(org, query)}>All issues seen in it</a>}
      >
        <div class="release-chart">
          <BarChart buckets={props.buckets} zone={shell.zone} period="14 days" />
        </div>
        <Facts {...props} />
      </Card>
      <Verdict {...props} />
      <Card
        title={`New issues (${release.newIssues.toLocaleString("en")})`}
        id="new"
        actions={
          <a href={issuesHref(org, `firstRelease:${quoted(release.version)}`)}>All of them</a>
        }
        flush
      >
        <IssueTable
          {...props}
          caption="Issues first seen in this release"
          issues={props.newIssues}
          none="No issue was first seen in this release."
        />
      </Card>
      <Card title="Came back in it" id="regressed" flush>
        <IssueTable
          {...props}
          caption="Resolved issues that came back in this release"
          issues={props.regressed}
          none="No resolved issue came back in this release."
        />
      </Card>
      <Card title="Resolved in it" id="resolved" flush>
        <IssueTable
          {...props}
          caption="Issues resolved in this release"
          issues={props.resolvedIssues}
          none="No issue is resolved in this release."
        />
      </Card>
      <DeploysCard
        {...props}
        deployCount={release.deployCount}
        environments={props.environmentNames}
        draft={props.deployDraft}
      />
      <ArtifactsCard {...props} version={release.version} />
      {(release.commitCount === 0 || props.deploys.length === 0) && (
        <HowToTell address={address} org={org} version={release.version} />
      )}
      {props.canChange && <Danger {...props} />}
    </ReleaseLayout>
  )
}

function Facts({ shell, org, release, environments }: OverviewProps) {
  const time = (at: Date | null) =>
    at ? <TimeAgo at={at} now={shell.now} zone={shell.zone} /> : "never"
  return (
    <dl class="facts">
      <dt>Projects</dt>
      <dd>
        {release.projects.length === 0 && "none"}
        {release.projects.map(({ slug }, index) => (
          <>
            {index > 0 && ", "}
            <a href={urls.project(org, slug)}>{slug}</a>
          </>
        ))}
      </dd>
      <dt>Created</dt>
      <dd>{time(release.createdAt)}</dd>
      <dt>Released</dt>
      <dd>{release.releasedAt ? time(release.releasedAt) : "not told"}</dd>
      <dt>First event</dt>
      <dd>{time(release.firstEventAt)}</dd>
      <dt>Last event</dt>
      <dd>{time(release.lastEventAt)}</dd>
      <dt>Environments</dt>
      <dd>
        {environments.length === 0
          ? "no events in 14 days"
          : environments
              .map(({ name, events }) => `${name || "(none)"} ${events.toLocaleString("en")}`)
              .join(", ")}
      </dd>
      <dt>Authors</dt>
      <dd>
        {release.authors.length === 0 ? (
          "not told"
        ) : (
          <ForeignText text={release.authors.map(({ name }) => name).join(", ")} max={300} />
        )}
      </dd>
    </dl>
  )
}

function Danger({ shell, release, errors }: OverviewProps) {
  const isArchived = release.status === "archived"
  return (
    <>
      <Card title={isArchived ? "Restore it" : "Archive it"}>
        <form method="post" class="row">
          <Csrf token={shell.csrf} />
          <span class="grow">
            {isArchived
              ? "It is left out of the list of releases."
              : "Takes it out of the list of releases. Its events and issues stay as they are."}
          </span>
          <Button name="action" value={isArchived ? "restore" : "archive"} icon="archive">
            {isArchived ? "Restore" : "Archive"}
          </Button>
        </form>
      </Card>
      <DangerForm
        csrf={shell.csrf}
        action="delete"
        title="Delete it"
        button="Delete the release"
        consequence="Its deploys and its list of commits go with it. A release that an issue refers to stays; the next event of this version makes it anew."
        slug={confirmWord(release)}
        errors={errors}
      />
    </>
  )
}

/** What must be typed to delete it: its name, unless parts of that cannot be seen. */
export function confirmWord({ id, version }: { id: string; version: string }): string {
  return hasUnseen(version) ? id : version
}
