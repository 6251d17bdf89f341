import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { countRegressions } from "#issues/resolving/release-issues-store.ts"
import { listEnvironmentNames, listStreamProjects } from "#issues/stream/facts-store.ts"
import { listLatestDeploys } from "#releases/deploy-store.ts"
import { type ReleasePage, readReleasePage } from "#releases/list-page.ts"
import { readReleaseSearch } from "#releases/search.ts"
import { listReleaseHours } from "#releases/series-store.ts"
import type { WebContext } from "../../context.ts"
import { shellOf } from "../shell.ts"
import { ListPage } from "./list-page.tsx"
import { PAGE_SIZE, type ReleasesRequest, readReleasesRequest } from "./requests.ts"
import { eventsByDay, lastDays } from "./series.ts"

const NO_RELEASES: ReleasePage = { releases: [], previous: null, next: null }

export async function showList(app: App, c: WebContext) {
  const { organizationId, slug } = c.var.membership
  const shell = shellOf(app, c)
  const request = readReleasesRequest(c)
  const search = readReleaseSearch(request.query)
  const projects = await listStreamProjects(app.sql, organizationId)
  const all = projects.map(({ id }) => id)
  const projectIds = request.projectId === null ? null : [request.projectId]
  const environments = request.environment === null ? [] : [request.environment]
  const [page, names] = await Promise.all([
    search.ok
      ? readReleasePage(
          app.sql,
          { organizationId, projectIds, environments, terms: search.terms, ...rest(request) },
          { limit: PAGE_SIZE, cursor: request.cursor },
        )
      : NO_RELEASES,
    listEnvironmentNames(app.sql, all),
  ])
  const ids = page.releases.map(({ id }) => id)
  const versions = page.releases.map(({ version }) => version)
  const starts = lastDays(shell.now, shell.zone)
  const from = starts[0] ?? shell.now
  const [hours, deploys, regressions] = await Promise.all([
    listReleaseHours(app.sql, { releaseIds: ids, projectIds, environments, from }),
    listLatestDeploys(app.sql, ids),
    countRegressions(
      app.sql,
      all.filter((id) => projectIds?.includes(id) ?? true),
      versions,
    ),
  ])
  const byRelease = Map.groupBy(hours, ({ releaseId }) => releaseId)
  return c.html(
    <ListPage
      shell={shell}
      org={slug}
      address={publicAddress(app.config)}
      request={request}
      mistake={search.ok ? null : search.message}
      page={page}
      series={new Map(ids.map((id) => [id, eventsByDay(starts, byRelease.get(id) ?? [])]))}
      deploys={deploys}
      regressions={regressions}
      projects={projects}
      environments={names}
    />,
  )
}

const rest = ({ sort, status }: ReleasesRequest) => ({ sort, status })
