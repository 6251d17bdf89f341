import type { App } from "#app.ts"
import { listReleaseIssues } from "#issues/resolving/release-issues-store.ts"
import { findRelease, listReleases, type Release } from "#releases/catalog-store.ts"
import { listLatestDeploys } from "#releases/deploy-store.ts"
import { listReleaseCommits } from "#releases/history-store.ts"
import { isOlderVersion } from "#releases/order.ts"
import { listKnownReleases } from "#releases/order-store.ts"
import { countReleaseEvents } from "#releases/series-store.ts"
import type { WebContext } from "../../context.ts"
import type { Shell } from "../shell.ts"
import { type ComparedSide, ComparePage } from "./compare-page.tsx"
import { frameOf } from "./frame.ts"
import type { ReleaseFrame } from "./release-layout.tsx"
import { lastDays } from "./series.ts"
import { readSides, type Side } from "./side.ts"

const SHOWN = 10
const CHOICES = 50

/** Two releases side by side: the one in the path and the one that `with` names, else the one before it. */
export async function showComparison(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const { organizationId } = c.var.membership
  const asked = c.req.query("with")?.trim().slice(0, 250) ?? ""
  const name = asked || frame.neighbours.before
  const other = name === null ? null : await findRelease(app.sql, organizationId, name)
  const mistake = asked === "" ? null : mistakeIn(frame, other)
  const isPair = other !== null && mistake === null
  const { hours, sides } = await readSides(app, isPair ? [frame.release, other] : [frame.release])
  const pair = isPair ? await inOrder(app, sides) : null
  const page = (
    <ComparePage
      {...frame}
      other={name ?? ""}
      mistake={mistake}
      hours={hours}
      pair={
        pair && [await sideOf(app, frame.shell, pair[0]), await sideOf(app, frame.shell, pair[1])]
      }
      choices={await choicesOf(app, organizationId, frame.release)}
    />
  )
  return c.html(page, mistake !== null && other === null ? 404 : 200)
}

function mistakeIn({ release }: ReleaseFrame, other: Release | null): string | null {
  if (!other) return "There is no release of this name."
  return other.id === release.id ? "This is the release itself: name another one." : null
}

/** By version when both have one, else by when they came out. */
async function inOrder(app: App, sides: readonly Side[]): Promise<[Side, Side] | null> {
  const [one, two] = sides
  if (!one || !two) return null
  const known = await listKnownReleases(app.sql, [one.release.id, two.release.id])
  const [a, b] = [known.get(one.release.id), known.get(two.release.id)]
  const isOlder = a && b && (isOlderVersion(a, b) ?? a.cameAt < b.cameAt)
  return isOlder ? [one, two] : [two, one]
}

async function sideOf(app: App, shell: Shell, side: Side): Promise<ComparedSide> {
  const { release } = side
  const issues = { projectIds: release.projects.map(({ id }) => id), releaseId: release.id }
  const from = lastDays(shell.now, shell.zone)[0] ?? shell.now
  const [eventsInPeriod, deploys, newIssues, regressed, commits] = await Promise.all([
    countReleaseEvents(app.sql, release.id, { from, to: shell.now }),
    listLatestDeploys(app.sql, [release.id]),
    listReleaseIssues(app.sql, issues, "new", SHOWN),
    listReleaseIssues(app.sql, issues, "regressed", SHOWN),
    listReleaseCommits(app.sql, release.id, { limit: SHOWN, offset: 0 }),
  ])
  return {
    ...side,
    eventsInPeriod,
    deploys: deploys.get(release.id) ?? [],
    newIssues,
    regressed,
    commits,
  }
}

/** The newest of its projects. */
async function choicesOf(app: App, organizationId: string, release: Release): Promise<string[]> {
  const projectIds = release.projects.map(({ id }) => id)
  const found = await listReleases(
    app.sql,
    {
      organizationId,
      projectIds: projectIds.length > 0 ? projectIds : null,
      environments: [],
      terms: [],
      status: "open",
      sort: "date",
    },
    { limit: CHOICES },
  )
  return found.map(({ version }) => version).filter((version) => version !== release.version)
}
