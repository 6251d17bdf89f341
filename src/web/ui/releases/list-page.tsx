import type { StreamProject } from "#issues/stream/facts-store.ts"
import type { Release } from "#releases/catalog-store.ts"
import { urls } from "#urls.ts"
import { Badge } from "../components/badge.tsx"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Sparkline, seriesSentence } from "../components/charts/sparkline.tsx"
import { Pager } from "../components/data/pager.tsx"
import { Table } from "../components/data/table.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { Options } from "../components/forms/field.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"
import { HowToTell } from "./how-to.tsx"
import { PAGE_SIZE, type ReleasesRequest, releasesHref } from "./requests.ts"
import { VersionLink } from "./version-name.tsx"

export type ListPageProps = {
  shell: Shell
  org: string
  /** Of this installation. */
  address: string
  request: ReleasesRequest
  releases: readonly Release[]
  hasMore: boolean
  /** Events a day, by release id. */
  series: ReadonlyMap<string, number[]>
  projects: readonly StreamProject[]
  environments: readonly string[]
}

export function ListPage(props: ListPageProps) {
  const { shell, org, address, request, releases } = props
  const isWide = releasesHref(org, request) === urls.releases(org)
  return (
    <Layout {...shell} title="Releases" section="releases">
      <header class="page-head">
        <h1>Releases</h1>
      </header>
      <Search {...props} />
      {releases.length > 0 && <Rows {...props} />}
      {releases.length === 0 && isWide && (
        <EmptyState title="No releases yet">
          <p>
            A release is there from its first event on, or once somebody tells of it. Then this page
            shows which one brought an issue, what changed in it and where it runs.
          </p>
        </EmptyState>
      )}
      {releases.length === 0 && !isWide && (
        <EmptyState
          title="No release matches"
          action={<a href={urls.releases(org)}>All releases</a>}
        />
      )}
      {releases.length === 0 && isWide && <HowToTell address={address} org={org} version={null} />}
    </Layout>
  )
}

function Search({ org, request, projects, environments }: ListPageProps) {
  const named = environments.filter((name) => name !== "")
  return (
    <search>
      <form class="search-form release-search" action={urls.releases(org)}>
        <input
          class="input"
          type="search"
          name="query"
          value={request.query}
          maxlength={250}
          aria-label="Part of a version"
          placeholder="Version"
          data-shortcut="search"
        />
        {projects.length > 1 && (
          <Choice
            name="project"
            label="Project"
            selected={request.projectId}
            options={[["", "All projects"], ...projects.map(({ id, slug }) => [id, slug] as const)]}
          />
        )}
        {named.length > 0 && (
          <Choice
            name="environment"
            label="Environment"
            selected={request.environment}
            options={[["", "All environments"], ...named.map((name) => [name, name] as const)]}
          />
        )}
        <Choice
          name="sort"
          label="Order"
          selected={request.sort}
          options={[
            ["date", "Newest first"],
            ["semver", "By version"],
          ]}
        />
        <Choice
          name="status"
          label="Which"
          selected={request.status}
          options={[
            ["open", "Open"],
            ["archived", "Archived"],
          ]}
        />
        <Button icon="search">Search</Button>
      </form>
    </search>
  )
}

function Choice(props: {
  name: string
  label: string
  selected: string | null
  options: (readonly [value: string, label: string])[]
}) {
  return (
    <select class="input" name={props.name} aria-label={props.label}>
      <Options
        options={props.options.map(([value, label]) => ({ value, label }))}
        selected={props.selected ?? ""}
      />
    </select>
  )
}

function Rows({ shell, org, request, releases, hasMore, series }: ListPageProps) {
  const { now, zone } = shell
  const { offset } = request
  return (
    <Card flush>
      <Table
        caption="Releases with their numbers"
        rows={releases}
        columns={[
          {
            head: "Release",
            rowHead: true,
            cell: ({ version }) => <VersionLink org={org} version={version} />,
          },
          { head: "Projects", cell: ({ projects }) => projectNames(projects) },
          {
            head: "Created",
            cell: ({ releasedAt, createdAt }) => (
              <TimeAgo at={releasedAt ?? createdAt} now={now} zone={zone} />
            ),
          },
          { head: "Runs in", cell: (release) => <LastDeploy release={release} shell={shell} /> },
          { head: "14 d", cell: ({ id }) => <Events counts={series.get(id) ?? []} /> },
          {
            head: "Events",
            number: true,
            cell: ({ id }) => sum(series.get(id) ?? []).toLocaleString("en"),
          },
          {
            head: "New issues",
            number: true,
            cell: ({ newIssues, version }) =>
              newIssues === 0 ? (
                "0"
              ) : (
                <a href={issuesHref(org, `firstRelease:${quoted(version)}`)}>
                  {newIssues.toLocaleString("en")}
                </a>
              ),
          },
          {
            head: "Commits",
            number: true,
            cell: ({ commitCount }) => commitCount.toLocaleString("en"),
          },
        ]}
      />
      {(offset > 0 || hasMore) && (
        <Pager
          label="Pages of releases"
          summary={request.sort === "semver" ? "Greatest version first" : "Newest first"}
          previous={
            offset > 0
              ? releasesHref(org, request, { offset: Math.max(0, offset - PAGE_SIZE) })
              : null
          }
          next={hasMore ? releasesHref(org, request, { offset: offset + PAGE_SIZE }) : null}
        />
      )}
    </Card>
  )
}

const SHOWN_PROJECTS = 3

function projectNames(projects: Release["projects"]): string {
  const shown = projects.slice(0, SHOWN_PROJECTS).map(({ slug }) => slug)
  const more = projects.length - shown.length
  return shown.length === 0 ? "none" : `${shown.join(", ")}${more > 0 ? ` +${more}` : ""}`
}

function LastDeploy({ release, shell }: { release: Release; shell: Shell }) {
  const { lastDeploy, deployCount } = release
  if (!lastDeploy) return <span class="muted">not told</span>
  return (
    <span class="row">
      <Badge>
        <bdi>{lastDeploy.environment}</bdi>
      </Badge>
      <TimeAgo at={new Date(lastDeploy.finishedAt)} now={shell.now} zone={shell.zone} />
      {deployCount > 1 && <span class="muted">{`+${deployCount - 1}`}</span>}
    </span>
  )
}

function Events({ counts }: { counts: readonly number[] }) {
  return <Sparkline counts={counts} label={seriesSentence(counts, "14 days")} />
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

/** The stream of issues in any state, over the longest window. */
export function issuesHref(org: string, query: string): string {
  return `${urls.issues(org)}?${new URLSearchParams({ query, statsPeriod: "90d" })}`
}

export const quoted = (text: string) => `"${text.replace(/["\\]/g, "\\$&")}"`
