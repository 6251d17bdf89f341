import type { Activity } from "#issues/activity-store.ts"
import { urls } from "#urls.ts"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Textarea } from "../../components/forms/field.tsx"
import { Csrf, type FieldErrors, Form } from "../../components/forms/form.tsx"
import type { Shell } from "../../shell.ts"
import { ActivityList } from "./activity-list.tsx"
import { IssueShell } from "./issue-shell.tsx"
import type { IssueFrame } from "./load.ts"

type ActivityPageProps = {
  shell: Shell
  org: string
  frame: IssueFrame
  entries: readonly Activity[]
  /** The page below this one; null at the end. */
  olderHref: string | null
  onlyComments: boolean
  draft: string
  errors: FieldErrors
}

export function ActivityPage(props: ActivityPageProps) {
  const { shell, org, frame, entries } = props
  const path = urls.issueActivity(org, frame.issue.id)
  return (
    <IssueShell shell={shell} org={org} frame={frame} tab="activity">
      <div class="stack narrow">
        <Card title="Say something" id="comment">
          <Form
            action={path}
            csrf={shell.csrf}
            name="comment"
            errors={props.errors}
            buttons={<Button variant="primary">Comment</Button>}
          >
            <Textarea
              name="text"
              label="Comment"
              help="Markdown. Everyone who follows the issue gets it by mail."
              value={props.draft}
              error={props.errors.text}
              draft={`comment-${frame.issue.id}`}
            />
          </Form>
        </Card>
        <Card
          title="Activity"
          actions={
            <a href={props.onlyComments ? path : `${path}?filter=comments`}>
              {props.onlyComments ? "Show everything" : "Comments only"}
            </a>
          }
        >
          <ActivityList
            entries={entries}
            assignables={frame.assignables}
            now={shell.now}
            zone={shell.zone}
          />
          {props.olderHref && <a href={props.olderHref}>Older</a>}
        </Card>
        <OwnComments {...props} path={path} />
      </div>
    </IssueShell>
  )
}

/** Editing and deleting one's own comments, folded away: it works without script. */
function OwnComments({ shell, entries, path }: ActivityPageProps & { path: string }) {
  const own = entries.filter(
    (entry) => entry.type === "note" && entry.userId === shell.viewer.user.id,
  )
  if (own.length === 0) return null
  return (
    <details class="fold">
      <summary>{`Change your comments (${own.length})`}</summary>
      {own.map((entry) => (
        <form class="form" method="post" action={path}>
          <Csrf token={shell.csrf} />
          <input type="hidden" name="id" value={entry.id} />
          <label>
            <span class="visually-hidden">Your comment</span>
            <textarea class="input" name="text" rows={3}>
              {String(entry.data.text ?? "")}
            </textarea>
          </label>
          <span class="row">
            <Button name="action" value="edit_comment">
              Save
            </Button>
            <Button name="action" value="delete_comment" variant="danger">
              Delete
            </Button>
          </span>
        </form>
      ))}
    </details>
  )
}
