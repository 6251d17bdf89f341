import type { Child } from "hono/jsx"
import { can } from "#accounts/users/viewer.ts"
import type { Attachment } from "#attachments/store.ts"
import type { Feedback } from "#feedback/read-store.ts"
import type { Assignable } from "#issues/detail-store.ts"
import { formatShortId } from "#issues/short-id.ts"
import { urls } from "#urls.ts"
import { AttachmentList } from "../attachments/attachment-list.tsx"
import { Button, ButtonLink } from "../components/button.tsx"
import { ForeignText, plainText } from "../components/foreign-text.tsx"
import { Options } from "../components/forms/field.tsx"
import { Csrf } from "../components/forms/form.tsx"
import type { Shell } from "../shell.ts"
import { FeedbackMessage } from "./feedback-message.tsx"
import { type FeedbackRequest, feedbackHref } from "./requests.ts"

type DetailProps = {
  shell: Shell
  org: string
  request: FeedbackRequest
  feedback: Feedback
  attachments: readonly Attachment[]
  assignables: readonly Assignable[]
}

/** One message with what is known about it, and what can be done about it. */
export function FeedbackDetail(props: DetailProps) {
  const { shell, org, request, feedback, attachments } = props
  const canChange = shell.organization !== null && can(shell.organization, "event:write")
  const canDelete = shell.organization !== null && can(shell.organization, "event:admin")
  return (
    <section class="card feedback-detail" aria-label="Message">
      <p class="feedback-back">
        <a href={feedbackHref(org, request)}>All feedback</a>
      </p>
      <FeedbackMessage feedback={feedback} org={org} shell={shell} />
      {attachments.length > 0 && (
        <AttachmentList
          attachments={attachments}
          hrefOf={({ id }) => urls.feedbackAttachment(org, feedback.id, id)}
          csrf={canDelete ? shell.csrf : null}
        />
      )}
      {(canChange || feedback.email) && <Actions {...props} canChange={canChange} />}
      <Facts org={org} feedback={feedback} />
    </section>
  )
}

function Actions(props: DetailProps & { canChange: boolean }) {
  const { org, request, feedback, shell, canChange } = props
  const action = feedbackHref(org, request, { id: feedback.id })
  return (
    <div class="feedback-actions row">
      {feedback.email && (
        <ButtonLink icon="mail" href={replyTo(feedback)} rel="noopener noreferrer">
          Reply
        </ButtonLink>
      )}
      {canChange && (
        <>
          <form class="row" method="post" action={action}>
            <Csrf token={shell.csrf} />
            <StatusButtons status={feedback.status} />
          </form>
          <AssignForm {...props} action={action} />
          <LinkForm {...props} action={action} />
        </>
      )}
    </div>
  )
}

function StatusButtons({ status }: Pick<Feedback, "status">) {
  if (status !== "unresolved") {
    return (
      <Button name="action" value="unresolved" icon="rotate-ccw">
        {status === "spam" ? "Not spam" : "Unresolve"}
      </Button>
    )
  }
  return (
    <>
      <Button name="action" value="resolved" variant="primary" icon="check" shortcut="r">
        Resolve
      </Button>
      <Button name="action" value="spam">
        Spam
      </Button>
    </>
  )
}

type FormProps = DetailProps & { action: string }

function AssignForm({ feedback, shell, assignables, action }: FormProps) {
  const people = assignables.filter(({ kind }) => kind === "user")
  const options = people.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <form class="row" method="post" action={action}>
      <Csrf token={shell.csrf} />
      <select class="input" name="assignee" aria-label="Assignee">
        <Options
          options={[{ value: "", label: "Nobody" }, ...options]}
          selected={feedback.assigneeUserId ?? ""}
        />
      </select>
      <Button name="action" value="assign">
        Assign
      </Button>
    </form>
  )
}

/** Only what is about no issue can be given one. */
function LinkForm({ feedback, shell, action }: FormProps) {
  if (feedback.issueId) return null
  return (
    <form class="row" method="post" action={action}>
      <Csrf token={shell.csrf} />
      <input
        class="input feedback-issue"
        name="issue"
        required
        aria-label="Short id of an issue"
        placeholder={`${feedback.projectSlug.toUpperCase()}-1`}
        autocapitalize="none"
        autocomplete="off"
      />
      <Button name="action" value="link" icon="link">
        Link to issue
      </Button>
    </form>
  )
}

function Facts({ org, feedback }: { org: string; feedback: Feedback }) {
  const { eventId, issueId, url, environment, release } = feedback
  const facts: [string, Child][] = [
    ["About", <About org={org} feedback={feedback} />],
    ["Project", <a href={urls.project(org, feedback.projectSlug)}>{feedback.projectName}</a>],
  ]
  if (eventId && issueId) {
    facts.push(["Event", <a href={urls.event(org, issueId, eventId)}>{eventId.slice(0, 8)}</a>])
  }
  if (url) facts.push(["Page", <PageAddress url={url} />])
  if (environment) facts.push(["Environment", <ForeignText text={environment} max={100} />])
  if (release) facts.push(["Release", <ForeignText text={release} max={200} />])
  return (
    <table class="kv">
      <caption class="visually-hidden">Facts</caption>
      <tbody>
        {facts.map(([name, value]) => (
          <tr>
            <th scope="row">{name}</th>
            <td class="anywhere">{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function About({ org, feedback }: { org: string; feedback: Feedback }) {
  const { issueId, issueShortId, issueTitle, projectSlug, eventId } = feedback
  if (issueId && issueShortId) {
    return (
      <a href={urls.issue(org, issueId)}>
        {formatShortId(projectSlug, issueShortId)} {plainText(issueTitle ?? "", 150)}
      </a>
    )
  }
  return <>{eventId ? "An event that is not here (yet)" : "Sent without an error"}</>
}

/** A link only where a browser would open a web page. */
function PageAddress({ url }: { url: string }) {
  if (!/^https?:\/\//i.test(url)) return <ForeignText text={url} max={500} />
  return (
    <a href={url} rel="noopener noreferrer nofollow">
      <ForeignText text={url} max={500} />
    </a>
  )
}

/** Mail programs cut or refuse longer addresses. */
const MAX_QUOTED_CHARS = 1_000

function replyTo({ email, message, projectName }: Feedback): string {
  const quoted = message
    .slice(0, MAX_QUOTED_CHARS)
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\r\n")
  const subject = encodeURIComponent(`Your feedback on ${projectName}`)
  const body = encodeURIComponent(`\r\n\r\n${quoted}`.toWellFormed())
  return `mailto:${encodeURIComponent(email)}?subject=${subject}&body=${body}`
}
