import { activitySentence, authorOf } from "#issues/activity/sentence.ts"
import type { Activity } from "#issues/activity/store.ts"
import { Avatar } from "../../../components/avatar.tsx"
import { Button } from "../../../components/button.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import { Csrf } from "../../../components/forms/form.tsx"
import { Icon } from "../../../components/icon.tsx"
import { TimeAgo } from "../../../components/time-ago.tsx"
import { Comment } from "./comment.tsx"

type Props = {
  entries: readonly Activity[]
  now: Date
  zone: string
  /** Where and as whom one's own comments can be changed; absent: not here. */
  own?: { userId: string; action: string; csrf: string }
}

/** What happened to the issue, newest first, each as a sentence. */
export function ActivityList({ entries, now, zone, own }: Props) {
  if (entries.length === 0) return <p class="muted">Nothing yet.</p>
  return (
    <ol class="activity">
      {entries.map((entry) => (
        <li id={`activity-${entry.id}`}>
          {entry.userId ? <Avatar name={authorOf(entry)} /> : <Icon name="history" />}
          <div class="grow">
            <p>
              <span>
                <ForeignText text={activitySentence(entry)} max={600} />{" "}
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
