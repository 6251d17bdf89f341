import type { Activity } from "#issues/activity-store.ts"
import type { Assignable } from "#issues/detail-store.ts"
import { Avatar } from "../../components/avatar.tsx"
import { Icon } from "../../components/icon.tsx"
import { TimeAgo } from "../../components/time-ago.tsx"
import { Comment } from "./comment.tsx"

type Props = {
  entries: readonly Activity[]
  assignables: readonly Assignable[]
  now: Date
  zone: string
}

/** What happened to the issue, newest first, each as a sentence. */
export function ActivityList({ entries, assignables, now, zone }: Props) {
  if (entries.length === 0) return <p class="muted">Nothing yet.</p>
  return (
    <ol class="activity">
      {entries.map((entry) => (
        <li id={`activity-${entry.id}`}>
          {entry.userId ? <Avatar name={authorOf(entry)} /> : <Icon name="history" />}
          <div class="grow">
            <p>
              <span>{activitySentence(entry, assignables)} </span>
              <TimeAgo at={entry.createdAt} now={now} zone={zone} />
            </p>
            {entry.type === "note" && <Comment text={String(entry.data.text ?? "")} />}
          </div>
        </li>
      ))}
    </ol>
  )
}

function authorOf(entry: Activity): string {
  return entry.userName ?? entry.userEmail ?? "sentry-lite"
}

type Sentence = (who: string, data: Record<string, unknown>, names: Names) => string
type Names = (kind: unknown, id: unknown) => string

const sentences: Record<string, Sentence> = {
  first_seen: () => "First event.",
  note: (who, data) => `${who} commented${data.edited ? " (edited)" : ""}.`,
  set_resolved: (who) => `${who} resolved this.`,
  set_resolved_in_release: (who, data) =>
    data.version
      ? `${who} resolved this in ${text(data.version)}.`
      : `${who} resolved this in the next release.`,
  set_unresolved: (who) => `${who} reopened this.`,
  set_ignored: (who, data) => `${who} archived this${archivedUntil(data)}.`,
  set_regression: (_who, data) =>
    data.version ? `Came back in ${text(data.version)}.` : "Came back after it was resolved.",
  set_escalating: () => "More events than usual: escalating.",
  assigned: (who, data, names) =>
    `${who} assigned this to ${names(data.assigneeType, data.assignee)}.`,
  unassigned: (who) => `${who} took the assignment back.`,
  set_priority: (who, data) => `${who} set the priority to ${text(data.priority)}.`,
  mark_reviewed: (who) => `${who} reviewed this.`,
  merge: (who) => `${who} merged other issues into this.`,
}

export function activitySentence(entry: Activity, assignables: readonly Assignable[]): string {
  const sentence = Object.hasOwn(sentences, entry.type) ? sentences[entry.type] : undefined
  const names: Names = (kind, id) =>
    assignables.find((each) => each.kind === kind && each.id === String(id))?.name ??
    (kind === "team" ? "a team" : "somebody")
  return sentence?.(authorOf(entry), entry.data, names) ?? `${authorOf(entry)}: ${entry.type}`
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
