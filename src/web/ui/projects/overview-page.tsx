import type { ProjectNumbers, TopIssue } from "#projects/overview-store.ts"
import { urls } from "#urls.ts"
import { ButtonLink } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { BarChart } from "../components/charts/bar-chart.tsx"
import { Table } from "../components/data/table.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"
import { PlatformMark } from "./project-mark.tsx"

const HOUR_MS = 3_600_000

type OverviewPageProps = {
  shell: Shell
  organization: { slug: string }
  project: ProjectNumbers
  most: TopIssue[]
  newest: TopIssue[]
}

export function ProjectOverviewPage(props: OverviewPageProps) {
  const { shell, organization, project } = props
  const { slug } = organization
  return (
    <Layout {...shell} title={project.name} section="projects">
      <header class="page-head">
        <h1 class="project-name">
          <PlatformMark platform={project.platform} />
          <bdi>{project.name}</bdi>
        </h1>
        <ButtonLink href={`${urls.issues(slug)}?project=${project.id}`} variant="primary">
          Issues
        </ButtonLink>
        <ButtonLink href={urls.gettingStarted(slug, project.slug)}>Connect a program</ButtonLink>
        <ButtonLink href={`${urls.stats(slug)}?project=${project.id}`} icon="chart-column">
          Stats
        </ButtonLink>
        <ButtonLink href={urls.projectSettings(slug, project.slug)} icon="settings">
          Settings
        </ButtonLink>
      </header>
      <div class="stack">
        <Card title="Last 24 hours">
          <div class="last-day">
            <BarChart buckets={bucketsOf(project, shell.now)} zone={shell.zone} period="24 hours" />
          </div>
          <dl class="numbers">
            <NumberOf label="Events in 24 h" value={project.events} />
            <NumberOf label="The same hours a week ago" value={project.eventsWeekAgo} />
            <NumberOf label="Unresolved issues" value={project.unresolved} />
            <NumberOf label="New issues in 24 h" value={project.newIssues} />
          </dl>
        </Card>
        <p class="muted">
          Is an event missing?{" "}
          <a href={`${urls.whereIsMyEvent(slug)}?project=${project.id}`}>Look where it is</a>.
        </p>
        <Issues {...props} title="Most frequent" issues={props.most} />
        <Issues {...props} title="Newest" issues={props.newest} />
      </div>
    </Layout>
  )
}

function bucketsOf({ hours }: ProjectNumbers, now: Date) {
  const thisHour = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
  return hours.map((events, index) => ({
    from: new Date(thisHour - (hours.length - 1 - index) * HOUR_MS),
    events,
  }))
}

function NumberOf({ label, value }: { label: string; value: number }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value.toLocaleString("en")}</dd>
    </div>
  )
}

function Issues(props: OverviewPageProps & { title: string; issues: TopIssue[] }) {
  const { shell, organization, title, issues } = props
  if (issues.length === 0) {
    return (
      <Card title={title}>
        <EmptyState title="No unresolved issue" />
      </Card>
    )
  }
  return (
    <Card title={title} flush>
      <Table
        caption={`${title} unresolved issues`}
        rows={issues}
        columns={[
          {
            head: "Issue",
            rowHead: true,
            cell: (issue) => (
              <a href={urls.issue(organization.slug, issue.id)}>
                <ForeignText text={issue.title} max={120} />
              </a>
            ),
          },
          {
            head: "Events",
            number: true,
            cell: (issue) => Number(issue.timesSeen).toLocaleString("en"),
          },
          {
            head: "Last seen",
            number: true,
            cell: (issue) => <TimeAgo at={issue.lastSeen} now={shell.now} zone={shell.zone} />,
          },
        ]}
      />
    </Card>
  )
}
