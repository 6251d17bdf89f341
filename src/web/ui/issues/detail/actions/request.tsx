import type { IssueDetail } from "#issues/detail-store.ts"
import { STATUS } from "#issues/issue.ts"
import { urls } from "#urls.ts"
import { Button } from "../../../components/button.tsx"
import { Banner } from "../../../components/feedback/notice.tsx"
import { Csrf } from "../../../components/forms/form.tsx"

type Act = {
  question: string
  /** Fields of the form, as readActionForm knows them. */
  fields: Record<string, string>
  label: string
  /** false: it is so already. */
  isOpen: (issue: IssueDetail, viewerId: string) => boolean
}

const isUnresolved = (issue: IssueDetail) => issue.status === STATUS.unresolved

/** What mails ask by `?do=`. */
const acts: Record<string, Act> = {
  resolve: {
    question: "Resolve this issue?",
    fields: { action: "resolve" },
    label: "Resolve",
    isOpen: isUnresolved,
  },
  archive: {
    question: "Archive this issue until it escalates?",
    fields: { action: "archive_until_escalating" },
    label: "Archive",
    isOpen: isUnresolved,
  },
  assign: {
    question: "Assign this issue to you?",
    fields: { action: "assign", assignee: "me" },
    label: "Assign to me",
    isOpen: (issue, viewerId) => issue.assigneeUserId !== viewerId,
  },
}

type Props = {
  /** The page's `?do=`; anything unknown asks nothing. */
  wanted: string
  org: string
  issue: IssueDetail
  csrf: string
  viewerId: string
}

/** The page that a link in a mail leads to only asks: scanners open links, and nothing may happen by that. */
export function ActRequest({ wanted, org, issue, csrf, viewerId }: Props) {
  const act = Object.hasOwn(acts, wanted) ? acts[wanted] : undefined
  if (!act) return null
  const path = urls.issue(org, issue.id)
  if (!act.isOpen(issue, viewerId)) {
    return <Banner tone="success">Nothing to do: this has been done already.</Banner>
  }
  return (
    <Banner>
      <form method="post" action={path} class="row">
        <Csrf token={csrf} />
        {Object.entries(act.fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <strong>{act.question}</strong>
        <Button variant="primary" size="small">
          {act.label}
        </Button>
        <a href={path}>No</a>
      </form>
    </Banner>
  )
}
