import type { Activity } from "#issues/activity/store.ts"
import { urls } from "#urls.ts"
import { Button } from "../../../components/button.tsx"
import { Card } from "../../../components/card.tsx"
import { Textarea } from "../../../components/forms/field.tsx"
import { type FieldErrors, Form } from "../../../components/forms/form.tsx"
import type { Shell } from "../../../shell.ts"
import { IssueShell } from "../issue-shell.tsx"
import type { IssueFrame } from "../load.ts"
import { Comment } from "./comment.tsx"
import { ActivityList } from "./list.tsx"

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
  /** Shows what is being written as it will look. */
  isPreview: boolean
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
            errors={props.errors}
            buttons={
              <>
                <Button variant="primary" name="action" value="comment">
                  Comment
                </Button>
                <Button name="action" value="preview">
                  Preview
                </Button>
              </>
            }
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
          {props.isPreview && <Comment text={props.draft} />}
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
            now={shell.now}
            zone={shell.zone}
            own={{ userId: shell.viewer.user.id, action: path, csrf: shell.csrf }}
          />
          {props.olderHref && <a href={props.olderHref}>Older</a>}
        </Card>
      </div>
    </IssueShell>
  )
}
