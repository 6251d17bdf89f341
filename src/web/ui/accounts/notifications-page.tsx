import type { MuteChoice } from "#projects/mutes-store.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { Form } from "../components/forms/form.tsx"
import type { Shell } from "../shell.ts"
import { AccountLayout } from "./account-layout.tsx"

export function NotificationsPage({ shell, projects }: { shell: Shell; projects: MuteChoice[] }) {
  return (
    <AccountLayout shell={shell} page="notifications">
      <Card title="Mails by project">
        {projects.length === 0 ? (
          <EmptyState title="No project yet">
            Here you choose which projects may send you mail about new and returning issues.
          </EmptyState>
        ) : (
          <Form csrf={shell.csrf} buttons={<Button variant="primary">Save</Button>}>
            <p>
              Ticked projects send you mail about new and returning issues. Issues that you are
              assigned to or follow always do.
            </p>
            <fieldset class="field">
              <legend class="field-label">Send me mail about</legend>
              {projects.map((project) => (
                <label class="check">
                  <input
                    type="checkbox"
                    name="project"
                    value={project.projectId}
                    {...(!project.isMuted && { checked: true })}
                  />
                  <span>
                    <bdi>{project.name}</bdi>{" "}
                    <span class="muted">
                      <bdi>{project.organizationName}</bdi>
                    </span>
                  </span>
                </label>
              ))}
            </fieldset>
          </Form>
        )}
      </Card>
    </AccountLayout>
  )
}
