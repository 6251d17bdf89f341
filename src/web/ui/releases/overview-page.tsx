import type { ReleaseIssue } from "#issues/resolving/release-issues-store.ts"
import type { Deploy } from "#releases/deploy-store.ts"
import { urls } from "#urls.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { BarChart } from "../components/charts/bar-chart.tsx"
import { Table } from "../components/data/table.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { Csrf, type FieldErrors } from "../components/forms/form.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import { DangerForm } from "../settings/danger-form.tsx"
import { bytesOf } from "../units.ts"
import { HowToTell } from "./how-to.tsx"
import { IssueTable } from "./issue-table.tsx"
import { issuesHref, quoted } from "./list-page.tsx"
import { type ReleaseFrame, ReleaseLayout } from "./release-layout.tsx"

export type OverviewProps = ReleaseFrame & {
  address: string
  buckets: readonly { from: Date; events: number }[]
  environments: readonly { name: string; events: number; lastHour: Date }[]
  newIssues: readonly ReleaseIssue[]
  regressed: readonly ReleaseIssue[]
  resolvedIssues: readonly ReleaseIssue[]
  deploys: readonly Deploy[]
  uploads: readonly { projectSlug: string; uploads: number; files: number; bytes: number }[]
  /** May archive and delete it. */
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
      <Deploys {...props} />
      <Uploads {...props} />
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

function Deploys({ shell, deploys }: OverviewProps) {
  if (deploys.length === 0) return null
  return (
    <Card title="Deploys" id="deploys" flush>
      <Table
        caption="Deploys"
        rows={deploys}
        columns={[
          { head: "Environment", rowHead: true, cell: (row) => <bdi>{row.environment}</bdi> },
          {
            head: "Name",
            cell: (row) => <ForeignText text={row.name ?? "none"} max={100} />,
          },
          {
            head: "Finished",
            cell: (row) => <TimeAgo at={row.finishedAt} now={shell.now} zone={shell.zone} />,
          },
          {
            head: "Took",
            number: true,
            cell: ({ startedAt, finishedAt }) => took(startedAt, finishedAt),
          },
        ]}
      />
    </Card>
  )
}

function took(from: Date | null, to: Date): string {
  if (!from || from > to) return "not told"
  const seconds = Math.round((to.getTime() - from.getTime()) / 1000)
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}

function Uploads({ org, release, uploads }: OverviewProps) {
  if (uploads.length === 0) return null
  const href = (project: string) =>
    `${urls.projectSourceMaps(org, project)}?${new URLSearchParams({ query: release.version })}`
  return (
    <Card title="Source maps and files" id="artifacts" flush>
      <Table
        caption="Uploads for this release"
        rows={uploads}
        columns={[
          {
            head: "Project",
            rowHead: true,
            cell: (row) => <a href={href(row.projectSlug)}>{row.projectSlug}</a>,
          },
          { head: "Uploads", number: true, cell: (row) => row.uploads.toLocaleString("en") },
          { head: "Files", number: true, cell: (row) => row.files.toLocaleString("en") },
          { head: "Size", number: true, cell: (row) => bytesOf(row.bytes) },
        ]}
      />
    </Card>
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
        slug={release.version}
        errors={errors}
      />
    </>
  )
}
