import type { App } from "#app.ts"
import { listNewestOfHashes, type RewritableEvent } from "#events/rewrite-store.ts"
import { textsOf } from "#grouping/group.ts"
import { compileProjectRules } from "#grouping/rules/project-rules.ts"
import { type IssueHash, listIssueHashes } from "#issues/moving/hash-store.ts"
import { decideEvent, storedEvent } from "#maintenance/regroup/decide-event.ts"
import { unmergeHashes } from "#maintenance/regroup/unmerge.ts"
import { ruleTextsOf } from "#projects/settings.ts"
import { urls } from "#urls.ts"
import { viewerOf, type WebContext } from "../../../../context.ts"
import { checkScope } from "../../../../middleware/access.ts"
import type { FieldErrors } from "../../../components/forms/form.tsx"
import { setFlash } from "../../../flash.ts"
import { formErrors, readForm, unknownAction } from "../../../form-data.ts"
import { shellOf } from "../../../shell.ts"
import { frameOf } from "../frame-of.ts"
import type { IssueFrame } from "../load.ts"
import { MergedPage, type SeenHash } from "./merged-page.tsx"

const MAX_HASHES = 100

/** By which fingerprints events come to the issue, and what they stand for. */
export async function showMerged(app: App, c: WebContext, errors: FieldErrors = {}) {
  const frame = await frameOf(app, c)
  const shell = shellOf(app, c)
  const org = c.var.membership.slug
  const hashes = await loadHashes(app, frame)
  const page = <MergedPage shell={shell} org={org} frame={frame} hashes={hashes} errors={errors} />
  return c.html(page, Object.keys(errors).length > 0 ? 422 : 200)
}

async function loadHashes({ sql }: App, { issue }: IssueFrame): Promise<SeenHash[]> {
  const { firstReceivedDay: firstDay, lastReceivedDay: lastDay } = issue
  const days = { projectId: issue.projectId, id: issue.id, firstDay, lastDay }
  const hashes = await listIssueHashes(sql, days, MAX_HASHES)
  const rows = await listNewestOfHashes(
    sql,
    days,
    hashes.map(({ id }) => id),
  )
  const newest = new Map(rows.map((row) => [row.hashId, row]))
  const rules = compileProjectRules(ruleTextsOf(issue.projectSettings))
  return hashes.map((hash) => describeHash(hash, newest.get(hash.id), { ...issue, rules }))
}

function describeHash(
  hash: IssueHash,
  row: RewritableEvent | undefined,
  context: Parameters<typeof decideEvent>[2],
): SeenHash {
  if (!row) return { ...hash, title: null, eventId: null, values: [] }
  const { grouping } = decideEvent(row, storedEvent(row), context)
  const variant = grouping.variants.find((each) => each.hash === hash.hash)
  return {
    ...hash,
    title: row.title,
    eventId: row.eventId,
    values: variant ? textsOf(variant) : [],
  }
}

export async function postMerged(app: App, c: WebContext) {
  const { issue } = await frameOf(app, c)
  checkScope(c.var.membership, "event:write")
  const form = await readForm(c)
  if (form.text("action") !== "unmerge") return unknownAction()
  let into = ""
  const errors = await formErrors(async () => {
    const hashIds = form.list("hash").filter((id) => /^\d{1,18}$/.test(id))
    into = await unmergeHashes(app, { issue, hashIds, actor: viewerOf(c).user.id })
  })
  if (errors) return showMerged(app, c, errors)
  setFlash(app, c, {
    tone: "success",
    text: "This is the new issue. Its events arrive within a minute; new ones come here at once.",
  })
  return c.redirect(urls.issue(c.var.membership.slug, into), 303)
}
