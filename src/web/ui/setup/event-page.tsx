import type { Child } from "hono/jsx"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Form } from "../components/forms/form.tsx"
import { GuideSteps } from "../guides/guide-steps.tsx"
import { SetupLayout } from "./setup-layout.tsx"

type FirstEventPageProps = {
  csrf: string
  project: { name: string; platform: string }
  dsn: string | null
  status: Child
}

export function FirstEventPage({ csrf, project, dsn, status }: FirstEventPageProps) {
  return (
    <SetupLayout step="event" title={`First event of ${project.name}`}>
      {status}
      {dsn && <GuideSteps platform={project.platform} dsn={dsn} />}
      <Card>
        <Form csrf={csrf} buttons={<Button variant="primary">Finish</Button>}>
          <p>Setup is done. This guide stays with the project.</p>
        </Form>
      </Card>
    </SetupLayout>
  )
}
