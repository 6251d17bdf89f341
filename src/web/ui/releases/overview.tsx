import { can } from "#accounts/users/viewer.ts"
import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { listReleaseIssues } from "#issues/resolving/release-issues-store.ts"
import { listEnvironmentNames } from "#issues/stream/facts-store.ts"
import { findRelease } from "#releases/catalog-store.ts"
import { readDeployEffects } from "#releases/deploy-effects.ts"
import { listDeploys } from "#releases/deploy-store.ts"
import { listReleaseEnvironments, listReleaseHours } from "#releases/series-store.ts"
import { listReleaseUploads } from "#symbolication/artifacts/upload-store.ts"
import type { WebContext } from "../../context.ts"
import type { FieldErrors } from "../components/forms/form.tsx"
import type { DeployDraft } from "./deploy-form.tsx"
import { frameOf } from "./frame.ts"
import { OverviewPage } from "./overview-page.tsx"
import { sampleMaps } from "./sample-maps.ts"
import { eventsByDay, lastDays } from "./series.ts"
import { readSides } from "./side.ts"

const SHOWN_ISSUES = 10
const SHOWN_DEPLOYS = 20

/** What was wrong with the last try. */
export type Tried = { errors?: FieldErrors; deployDraft?: DeployDraft }

export async function showOverview(app: App, c: WebContext, tried: Tried = {}) {
  const { organizationId } = c.var.membership
  const frame = await frameOf(app, c)
  const { shell, release, neighbours } = frame
  const starts = lastDays(shell.now, shell.zone)
  const from = starts[0] ?? shell.now
  const projectIds = release.projects.map(({ id }) => id)
  const issues = { projectIds, releaseId: release.id }
  const everywhere = { projectIds: null, environments: [], from }
  const deploys = await listDeploys(app.sql, release.id, { limit: SHOWN_DEPLOYS, offset: 0 })
  const before =
    neighbours.before === null
      ? null
      : await findRelease(app.sql, organizationId, neighbours.before)
  const [hours, ...rest] = await Promise.all([
    listReleaseHours(app.sql, { releaseIds: [release.id], ...everywhere }),
    listReleaseEnvironments(app.sql, release.id, from),
    listEnvironmentNames(app.sql, projectIds),
    readSides(app, before ? [release, before] : [release]),
    listReleaseIssues(app.sql, issues, "new", SHOWN_ISSUES),
    listReleaseIssues(app.sql, issues, "regressed", SHOWN_ISSUES),
    listReleaseIssues(app.sql, issues, "resolved", SHOWN_ISSUES),
    readDeployEffects(app, projectIds, deploys),
    listReleaseUploads(app.sql, organizationId, release.version),
    sampleMaps(app, issues),
  ])
  const [environments, names, verdict, newIssues, regressed, resolved, effects, uploads, maps] =
    rest
  const counts = eventsByDay(starts, hours)
  return c.html(
    <OverviewPage
      {...frame}
      address={publicAddress(app.config)}
      buckets={starts.map((start, index) => ({ from: start, events: counts[index] ?? 0 }))}
      environments={environments}
      environmentNames={names}
      verdict={verdict}
      newIssues={newIssues}
      regressed={regressed}
      resolvedIssues={resolved}
      deploys={deploys}
      effects={effects}
      deployDraft={tried.deployDraft ?? null}
      uploads={uploads}
      maps={maps}
      canChange={can(c.var.membership, "project:releases")}
      errors={tried.errors}
    />,
    tried.errors || tried.deployDraft ? 422 : 200,
  )
}
