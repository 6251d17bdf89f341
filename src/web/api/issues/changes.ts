import { z } from "zod"
import { listTeams } from "#accounts/organizations/teams-store.ts"
import { findUserByEmail } from "#accounts/users/store.ts"
import { normalizeEmail } from "#accounts/users/user.ts"
import type { App } from "#app.ts"
import { isAssignable } from "#issues/detail-store.ts"
import type { ArchiveRule, IssueAction, ResolveIn } from "#issues/issue.ts"
import { AppError } from "#platform/errors.ts"
import { findCommit } from "#releases/commit-store.ts"
import { findProjectRelease } from "#releases/order-store.ts"

/** A million of anything is as good as never. */
const count = z.int().min(1).max(1_000_000).nullish()

const conditions = {
  /** Minutes. */
  ignoreDuration: count,
  snoozeDuration: count,
  ignoreCount: count,
  /** Minutes. */
  ignoreWindow: count,
  ignoreUserCount: count,
  /** Minutes. */
  ignoreUserWindow: count,
  ignoreUntil: z.iso.datetime({ offset: true, local: true }).nullish(),
  untilEscalating: z.boolean().nullish(),
}

/** What a PUT may say of an issue, in Sentry's names; keys that are not known are passed over, as Sentry does. */
export const issueChanges = z.object({
  status: z
    .enum(["resolved", "unresolved", "ignored", "muted", "resolvedInNextRelease"])
    .optional(),
  statusDetails: z
    .object({
      inNextRelease: z.boolean().optional(),
      inRelease: z.string().min(1).max(250).optional(),
      inUpcomingRelease: z.boolean().optional(),
      inCommit: z
        .object({ commit: z.string().min(1).max(64), repository: z.string().max(200).nullish() })
        .nullish(),
      ...conditions,
    })
    .nullish(),
  ...conditions,
  substatus: z.string().nullish(),
  assignedTo: z.string().max(254).nullish(),
  priority: z.enum(["high", "medium", "low"]).optional(),
  isBookmarked: z.boolean().optional(),
  isSubscribed: z.boolean().optional(),
  inbox: z.boolean().optional(),
})

export type IssueChanges = z.infer<typeof issueChanges>

type Context = { app: Pick<App, "sql" | "clock">; organizationId: string; projectId: string }

/** What has to be done so that the issue is as the body says. Throws invalid with the field that cannot be. */
export async function actionsFor(context: Context, changes: IssueChanges): Promise<IssueAction[]> {
  const { priority, isBookmarked, isSubscribed } = changes
  const actions: (IssueAction | null)[] = [
    await statusAction(context, changes),
    changes.assignedTo === undefined ? null : await assignment(context, changes.assignedTo ?? ""),
    priority ? { kind: "priority", priority } : null,
    isBookmarked === undefined ? null : { kind: "bookmark", on: isBookmarked },
    isSubscribed === undefined ? null : { kind: "subscribe", on: isSubscribed },
    changes.inbox === false || isCalledOngoing(changes) ? { kind: "review" } : null,
  ]
  return actions.filter((action) => action !== null)
}

function isCalledOngoing({ status, substatus }: IssueChanges): boolean {
  return status === "unresolved" && substatus === "ongoing"
}

async function statusAction(context: Context, changes: IssueChanges): Promise<IssueAction | null> {
  switch (changes.status) {
    case "resolved":
      return resolution(context, changes)
    case "resolvedInNextRelease":
      return { kind: "resolve", in: "next_release" }
    case "unresolved":
      return { kind: "unresolve" }
    case "ignored":
    case "muted":
      return archival(context, changes)
    case undefined:
      return null
  }
}

async function resolution(context: Context, changes: IssueChanges) {
  return { kind: "resolve", in: await resolvedIn(context, changes.statusDetails ?? {}) } as const
}

async function resolvedIn(
  { app, organizationId, projectId }: Context,
  details: NonNullable<IssueChanges["statusDetails"]>,
): Promise<ResolveIn> {
  const { inCommit, inRelease } = details
  if (inCommit) {
    const { commit: sha, repository } = inCommit
    const commit = await findCommit(app.sql, { organizationId }, sha, repository ?? null)
    if (!commit) throw invalid("statusDetails", "Unable to find the given commit.")
    return { commitId: commit.id, sha: commit.sha }
  }
  if (details.inNextRelease) return "next_release"
  if (details.inUpcomingRelease) return "upcoming_release"
  if (inRelease === undefined) return "now"
  const version = inRelease === "latest" ? null : inRelease
  const release = await findProjectRelease(app.sql, projectId, version)
  if (!release) throw invalid("statusDetails", "Unable to find a release with the given version.")
  return release
}

function archival({ app }: Context, changes: IssueChanges): IssueAction {
  const given = { ...withoutEmpty(changes), ...withoutEmpty(changes.statusDetails ?? {}) }
  const minutes = given.ignoreDuration ?? given.snoozeDuration
  const rule: ArchiveRule = {
    ...(given.ignoreUntil && { until: moment(given.ignoreUntil).toISOString() }),
    ...(minutes && { until: new Date(app.clock.now().getTime() + minutes * 60_000).toISOString() }),
    ...(given.ignoreCount && { untilEvents: given.ignoreCount }),
    ...(given.ignoreCount && given.ignoreWindow && { windowMinutes: given.ignoreWindow }),
    ...(given.ignoreUserCount && { untilUsers: given.ignoreUserCount }),
    ...(given.ignoreUserCount &&
      given.ignoreUserWindow && { userWindowMinutes: given.ignoreUserWindow }),
  }
  const isUntilEscalating =
    given.untilEscalating || changes.substatus === "archived_until_escalating"
  if (isUntilEscalating) return { kind: "archive", how: "until_escalating", rule: {} }
  if (Object.keys(rule).length > 0) return { kind: "archive", how: "until_condition", rule }
  return { kind: "archive", how: "forever", rule: {} }
}

/** UTC when it names no zone. */
function moment(iso: string): Date {
  return new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`)
}

function withoutEmpty<Values extends object>(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as Values
}

async function assignment(context: Context, actor: string): Promise<IssueAction> {
  if (actor === "") return { kind: "assign", to: null }
  const { app, organizationId } = context
  const to = await findActor(context, actor)
  if (to && (await isAssignable(app.sql, organizationId, to))) return { kind: "assign", to }
  throw invalid("assignedTo", `Unknown actor: "${actor}" is no member or team here.`)
}

/** `1`, `user:1`, `team:1`, `#core` or an e-mail address. */
async function findActor({ app, organizationId }: Context, actor: string) {
  const match = /^(?:(user|team):)?(\d{1,18})$/.exec(actor)
  if (match?.[2]) return match[1] === "team" ? { teamId: match[2] } : { userId: match[2] }
  if (actor.startsWith("#")) {
    const teams = await listTeams(app.sql, organizationId)
    const team = teams.find(({ slug }) => slug === actor.slice(1))
    return team ? { teamId: team.id } : null
  }
  const user = await findUserByEmail(app.sql, normalizeEmail(actor.replace(/^user:/, "")))
  return user && { userId: user.id }
}

function invalid(field: string, message: string): AppError {
  return new AppError("invalid", message, { field })
}
