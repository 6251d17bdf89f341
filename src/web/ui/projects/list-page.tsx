import type { ProjectNumbers, ProjectSort } from "#projects/overview-store.ts"
import { urls } from "#urls.ts"
import { Button, ButtonLink } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Sparkline, seriesSentence } from "../components/charts/sparkline.tsx"
import { Pager } from "../components/data/pager.tsx"
import { Table } from "../components/data/table.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"
import { PlatformMark } from "./project-mark.tsx"

type ListPageProps = {
  shell: Shell
  organization: { slug: string; name: string }
  projects: ProjectNumbers[]
  search: string
  sort: ProjectSort
  canCreate: boolean
  /** Who could make a project, for those who may not. */
  creators: string[]
  previous: string | null
  next: string | null
}

const SORTS = [
  ["name", "By name"],
  ["events", "Most events"],
  ["new", "Most new issues"],
] as const

export function ProjectListPage(props: ListPageProps) {
  const { shell, organization, projects, search, canCreate } = props
  return (
    <Layout {...shell} title="Projects" section="projects">
      <header class="page-head">
        <h1>Projects</h1>
        <search>
          <form class="search-form" action={urls.projects(organization.slug)}>
            <input
              class="input"
              type="search"
              name="query"
              value={search}
              aria-label="Name of a project"
              placeholder="Name"
              data-shortcut="search"
            />
            <select class="input" name="sort" aria-label="Sort by">
              {SORTS.map(([value, words]) => (
                <option value={value} selected={value === props.sort}>
                  {words}
                </option>
              ))}
            </select>
            <Button>Show</Button>
          </form>
        </search>
        {canCreate && (
          <ButtonLink
            href={urls.newProject(organization.slug)}
            variant="primary"
            icon="plus"
            shortcut="c"
          >
            New project
          </ButtonLink>
        )}
      </header>
      {projects.length === 0 ? <Nothing {...props} /> : <Rows {...props} />}
    </Layout>
  )
}

function Rows({ shell, organization, projects, ...props }: ListPageProps) {
  return (
    <Card flush>
      <Table
        caption="Projects with their numbers"
        rows={projects}
        columns={[
          {
            head: "Project",
            rowHead: true,
            cell: (row) => (
              <span class="project-name">
                <PlatformMark platform={row.platform} />
                <a href={urls.project(organization.slug, row.slug)}>
                  <bdi>{row.name}</bdi>
                </a>
              </span>
            ),
          },
          { head: "24 h", cell: (row) => <LastDay row={row} org={organization.slug} /> },
          { head: "Events", number: true, cell: (row) => row.events.toLocaleString("en") },
          { head: "A week ago", number: true, cell: (row) => <Change row={row} /> },
          { head: "Unresolved", number: true, cell: (row) => row.unresolved.toLocaleString("en") },
          { head: "New in 24 h", number: true, cell: (row) => row.newIssues.toLocaleString("en") },
          { head: "Teams", cell: (row) => row.teams.map((team) => `#${team}`).join(" ") || "none" },
          {
            head: "Settings",
            quiet: true,
            cell: (row) => (
              <ButtonLink
                size="small"
                variant="quiet"
                icon="settings"
                label={`Settings of ${row.name}`}
                href={urls.projectSettings(organization.slug, row.slug)}
              />
            ),
          },
        ]}
      />
      {(props.previous || props.next) && (
        <Pager
          label="Pages of projects"
          summary={SORTS.find(([value]) => value === props.sort)?.[1]}
          previous={props.previous}
          next={props.next}
        />
      )}
    </Card>
  )
}

function LastDay({ row, org }: { row: ProjectNumbers; org: string }) {
  if (!row.firstEventAt && row.events === 0) {
    return <a href={urls.gettingStarted(org, row.slug)}>Waiting for the first event</a>
  }
  return <Sparkline counts={row.hours} label={seriesSentence(row.hours, "24 h")} />
}

/** The change against the same hours one week before. */
function Change({ row: { events, eventsWeekAgo } }: { row: ProjectNumbers }) {
  if (eventsWeekAgo === 0) return <span class="muted">–</span>
  const percent = Math.round((events / eventsWeekAgo - 1) * 100)
  return <>{percent > 0 ? `+${percent} %` : `${percent} %`}</>
}

function Nothing({ organization, search, canCreate, creators }: ListPageProps) {
  if (search !== "") {
    return (
      <EmptyState
        title="No project has this name"
        action={<ButtonLink href={urls.projects(organization.slug)}>All projects</ButtonLink>}
      />
    )
  }
  if (canCreate) {
    return (
      <EmptyState
        title="No project yet"
        action={
          <ButtonLink href={urls.newProject(organization.slug)} variant="primary" icon="plus">
            New project
          </ButtonLink>
        }
      >
        A project is one program whose errors belong together. Each has its own DSN, the address
        that the program sends to.
      </EmptyState>
    )
  }
  return (
    <EmptyState title="No project yet">
      {`You may not make one. Ask ${creators.join(", ") || "an administrator"}.`}
    </EmptyState>
  )
}
