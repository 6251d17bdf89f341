import type { StreamProject } from "#issues/stream/facts-store.ts"
import type { Release } from "#releases/catalog-store.ts"
import type { Deploy } from "#releases/deploy-store.ts"
import type { ReleasePage } from "#releases/list-page.ts"
import { urls } from "#urls.ts"
import { Badge } from "../components/badge.tsx"
import { Card } from "../components/card.tsx"
import { Sparkline, seriesSentence } from "../components/charts/sparkline.tsx"
import { Pager } from "../components/data/pager.tsx"
import { Table } from "../components/data/table.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { plainText } from "../components/foreign-text.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"
import { HowToTell } from "./how-to.tsx"
import { issuesHref, quoted } from "./issues-href.ts"
import { type ReleasesRequest, releasesHref } from "./requests.ts"
import { SearchForm } from "./search-form.tsx"
import { VersionLink } from "./version-name.tsx"

export type ListPageProps = {
  shell: Shell
  org: string
  /** Of this installation. */
  address: string
  request: ReleasesRequest
  mistake: string | null
  page: ReleasePage
  /** Events a day, by release id. */
  series: ReadonlyMap<string, number[]>
  /** By release id, latest first. */
  deploys: ReadonlyMap<string, Pick<Deploy, "environment" | "finishedAt">[]>
  /** By version. */
  regressions: ReadonlyMap<string, number>
  projects: readonly StreamProject[]
  environments: readonly string[]
}

export function ListPage(props: ListPageProps) {
  const { shell, org, address, request, page, mistake } = props
  const isEmpty = page.releases.length === 0
  const isWide = releasesHref(org, request) === urls.releases(org)
  return (
    <Layout {...shell} title="Releases" section="releases">
      <header class="page-head">
        <h1>Releases</h1>
      </header>
      <SearchForm {...props} />
      {!isEmpty && <Rows {...props} />}
      {isEmpty && isWide && (
        <EmptyState title="No releases yet">
          <p>
            A release is there from its first event on, or once somebody tells of it. Then this page
            shows which one brought an issue, what changed in it and where it runs.
          </p>
        </EmptyState>
      )}
      {isEmpty && !isWide && !mistake && (
        <EmptyState
          title="No release matches"
          action={<a href={urls.releases(org)}>All releases</a>}
        />
      )}
      {isEmpty && isWide && <HowToTell address={address} org={org} version={null} />}
      <p class="muted release-note">
        There are no columns for crash-free rates and adoption: they are made of sessions, which
        this version counts in <a href={urls.stats(org)}>Stats</a> and does not keep.
      </p>
    </Layout>
  )
}

const number = (value: number) => value.toLocaleString("en")

function Rows(props: ListPageProps) {
  const { shell, org, request, page, series, regressions } = props
  const eventsOf = ({ id }: Release) => series.get(id) ?? []
  return (
    <Card flush>
      <Table
        caption="Releases with their numbers"
        rows={page.releases}
        columns={[
          {
            head: "Release",
            rowHead: true,
            cell: ({ version }) => <VersionLink org={org} version={version} />,
          },
          { head: "Projects", cell: ({ projects }) => namesOf(projects.map(({ slug }) => slug)) },
          {
            head: "Date",
            cell: ({ releasedAt, createdAt }) => (
              <TimeAgo at={releasedAt ?? createdAt} now={shell.now} zone={shell.zone} />
            ),
          },
          {
            head: "Runs in",
            cell: ({ id }) => <Chips deploys={props.deploys.get(id) ?? []} shell={shell} />,
          },
          {
            head: "Events, 14 d",
            number: true,
            cell: (release) => <Events counts={eventsOf(release)} />,
          },
          {
            head: "New issues",
            number: true,
            cell: ({ version, projects, newIssues }) => {
              const chosen = projects.find(({ id }) => id === request.projectId)
              const count = chosen?.newIssues ?? newIssues
              const href = issuesHref(org, `firstRelease:${quoted(version)}`, request.projectId)
              return count === 0 ? "0" : <a href={href}>{number(count)}</a>
            },
          },
          {
            head: "Came back",
            number: true,
            cell: ({ version }) => {
              const count = regressions.get(version) ?? 0
              const href = `${urls.release(org, version)}#regressed`
              return count === 0 ? "0" : <a href={href}>{number(count)}</a>
            },
          },
          { head: "Commits", cell: (release) => <Commits release={release} org={org} /> },
        ]}
      />
      <Pages {...props} />
    </Card>
  )
}

function Pages({ org, request, page }: ListPageProps) {
  const { previous, next } = page
  if (!previous && !next) return null
  return (
    <div class="card-body">
      <Pager
        label="Pages of releases"
        summary={request.sort === "semver" ? "Greatest version first" : "Newest first"}
        previous={previous && releasesHref(org, request, previous)}
        next={next && releasesHref(org, request, next)}
      />
    </div>
  )
}

const SHOWN_NAMES = 3

function namesOf(names: readonly string[]): string {
  const more = names.length - SHOWN_NAMES
  const shown = names.slice(0, SHOWN_NAMES).map((name) => plainText(name, 40))
  return shown.length === 0 ? "none" : `${shown.join(", ")}${more > 0 ? ` +${more}` : ""}`
}

/** Somebody may commit under several addresses. */
const uniqueNames = (authors: Release["authors"]) => [...new Set(authors.map(({ name }) => name))]

const SHOWN_CHIPS = 3

/** The environments that it was deployed to, each with how long ago. */
function Chips(props: {
  deploys: readonly Pick<Deploy, "environment" | "finishedAt">[]
  shell: Shell
}) {
  const { deploys, shell } = props
  if (deploys.length === 0) return <span class="muted">not told</span>
  return (
    <span class="deploy-chips">
      {deploys.slice(0, SHOWN_CHIPS).map(({ environment, finishedAt }) => (
        <Badge>
          <bdi>{environment}</bdi>
          <TimeAgo at={finishedAt} now={shell.now} zone={shell.zone} />
        </Badge>
      ))}
      {deploys.length > SHOWN_CHIPS && (
        <span class="muted">{`+${deploys.length - SHOWN_CHIPS}`}</span>
      )}
    </span>
  )
}

function Events({ counts }: { counts: readonly number[] }) {
  return (
    <span class="release-events">
      <Sparkline counts={counts} label={seriesSentence(counts, "14 days")} />
      {number(counts.reduce((total, count) => total + count, 0))}
    </span>
  )
}

function Commits({ release, org }: { release: Release; org: string }) {
  const { commitCount, authors, version } = release
  if (commitCount === 0) return <span class="muted">not told</span>
  return (
    <>
      <a href={urls.releaseCommits(org, version)}>{number(commitCount)}</a>
      {authors.length > 0 && (
        <small class="muted release-authors">
          {"by "}
          <bdi>{namesOf(uniqueNames(authors))}</bdi>
        </small>
      )}
    </>
  )
}
