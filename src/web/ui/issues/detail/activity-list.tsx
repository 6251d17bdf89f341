import type { Activity } from "#issues/activity-store.ts"
import type { Assignable } from "#issues/detail-store.ts"
import { shortSha } from "#releases/version.ts"
import { Avatar } from "../../components/avatar.tsx"
import { Button } from "../../components/button.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import { Csrf } from "../../components/forms/form.tsx"
import { Icon } from "../../components/icon.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import { Comment } from "./comment.tsx"

type Props = {
  entries: readonly Activity[]
  assignables: readonly Assignable[]
  now: Date
  zone: string
  /** Where and as whom one's own comments can be changed; absent: not here. */
  own?: { userId: string; action: string; csrf: string }
}

/** What happened to the issue, newest first, each as a sentence. */
export function ActivityList({ entries, assignables, now, zone, own }: Props) {
  if (entries.length === 0) return <p class="muted">Nothing yet.</p>
  return (
    <ol class="activity">
      {entries.map((entry) => (
        <li id={`activity-${entry.id}`}>
          {entry.userId ? <Avatar name={authorOf(entry)} /> : <Icon name="history" />}
          <div class="grow">
            <p>
              <span>
                <ForeignText text={activitySentence(entry, assignables)} max={600} />{" "}
              </span>
              <TimeAgo at={entry.createdAt} now={now} zone={zone} />
            </p>
            {entry.type === "note" && <Comment text={String(entry.data.text ?? "")} />}
            {own && entry.type === "note" && entry.userId === own.userId && (
              <OwnComment entry={entry} {...own} />
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}

/** Editing and deleting, folded away: it works without script. */
function OwnComment(props: { entry: Activity; action: string; csrf: string }) {
  const { entry, action, csrf } = props
  return (
    <details class="more">
      <summary>Edit</summary>
      <form class="form" method="post" action={action}>
        <Csrf token={csrf} />
        <input type="hidden" name="id" value={entry.id} />
        <textarea class="input" name="text" rows={4} aria-label="Your comment">
          {String(entry.data.text ?? "")}
        </textarea>
        <span class="row">
          <Button name="action" value="edit_comment" size="small">
            Save
          </Button>
          <Button name="action" value="delete_comment" size="small" variant="danger">
            Delete
          </Button>
        </span>
      </form>
    </details>
  )
}

function authorOf(entry: Activity): string {
  return entry.userName ?? entry.userEmail ?? "sentry-lite"
}

type Sentence = (who: string, data: Record<string, unknown>, names: Names) => string
type Names = (kind: unknown, id: unknown) => string

const sentences: Record<string, Sentence> = {
  first_seen: (_who, data) =>
    data.version ? `First seen, in ${text(data.version)}.` : "First seen.",
  note: (who, data) => `${who} commented${data.edited ? " (edited)" : ""}.`,
  set_resolved: (who) => `${who} resolved this.`,
  set_resolved_in_release: (who, data) => `${who} resolved this in ${releaseIn(data)}.`,
  set_resolved_in_commit: (who, data) =>
    `${who} resolved this in commit ${shortSha(text(data.commit))}.`,
  set_unresolved: (who) => `${who} reopened this.`,
  set_ignored: (who, data) => `${who} archived this${archivedUntil(data)}.`,
  set_regression: (_who, data) =>
    `Came back${data.version ? ` in ${text(data.version)}` : ""}${
      data.resolved_in_version
        ? `, resolved in ${text(data.resolved_in_version)}`
        : " after it was resolved"
    }.`,
  set_escalating: () => "More events than usual: escalating.",
  assigned: (who, data, names) =>
    `${who} assigned this to ${names(data.assigneeType, data.assignee)}.`,
  unassigned: (who) => `${who} took the assignment back.`,
  set_priority: (who, data) => `${who} set the priority to ${text(data.priority)}.`,
  mark_reviewed: (who) => `${who} reviewed this.`,
  merge: (who, data) => `${who} merged ${mergedNames(data.issues)} into this.`,
  unmerge_source: (who, data) => `${who} took ${fingerprints(data)} out of this.`,
  unmerge_destination: (who, data) => `${who} made this of ${fingerprints(data)} of another issue.`,
}

function activitySentence(entry: Activity, assignables: readonly Assignable[]): string {
  const sentence = Object.hasOwn(sentences, entry.type) ? sentences[entry.type] : undefined
  const names: Names = (kind, id) =>
    assignables.find((each) => each.kind === kind && each.id === String(id))?.name ??
    (kind === "team" ? "a team" : "somebody")
  return sentence?.(authorOf(entry), entry.data, names) ?? `${authorOf(entry)}: ${entry.type}`
}

function mergedNames(issues: unknown): string {
  if (!Array.isArray(issues) || issues.length === 0) return "other issues"
  const [first] = issues
  const more = issues.length > 1 ? ` and ${issues.length - 1} more` : ""
  return `“${text(first?.title)}”${more}`
}

function fingerprints({ fingerprints: all }: Record<string, unknown>): string {
  const count = Array.isArray(all) ? all.length : 1
  return count === 1 ? "a fingerprint" : `${count} fingerprints`
}

function releaseIn(data: Record<string, unknown>): string {
  if (data.version) return text(data.version)
  const seen = text(data.current_release_version)
  return seen ? `the release after ${seen}` : "the next release"
}

function archivedUntil(data: Record<string, unknown>): string {
  if (data.until) return ` until ${text(data.until).slice(0, 16).replace("T", " ")} UTC`
  if (data.untilEvents) return ` until ${text(data.untilEvents)} more events`
  if (data.untilUsers) return ` until ${text(data.untilUsers)} more users`
  return data.substatus === "archived_forever" ? " for good" : " until it escalates"
}

function text(value: unknown): string {
  return String(value ?? "").slice(0, 200)
}
