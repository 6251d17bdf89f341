import type { Child } from "hono/jsx"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Textarea } from "../components/forms/field.tsx"
import type { FieldErrors } from "../components/forms/form.tsx"

type Props = {
  sample: string
  help: string
  errors: FieldErrors
  /** What came of the last try. */
  result: Child
  /** More that is asked for. */
  children?: Child
}

/** The test box of a form, and part of it, so that settings can be tried on an event before they are saved. */
export function TrialCard({ sample, help, errors, result, children }: Props) {
  return (
    <Card title="What would happen to this event?" id="trial">
      <div class="form">
        {result}
        <Textarea
          name="sample"
          label="Event"
          value={sample}
          rows={6}
          error={errors.sample}
          help={help}
        />
        {children}
        <div class="form-actions">
          <Button name="action" value="test" formaction="#trial">
            Try it
          </Button>
        </div>
      </div>
    </Card>
  )
}
