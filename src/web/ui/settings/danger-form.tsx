import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Field } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"

type DangerFormProps = {
  csrf: string
  /** The action's name, and the word on the button. */
  action: string
  title: string
  button: string
  /** What will be gone, with numbers. */
  consequence: string
  /** What must be typed. */
  slug: string
  errors?: FieldErrors | undefined
}

/** Something that cannot be undone: asks for the name to be typed. */
export function DangerForm(props: DangerFormProps) {
  return (
    <Card title={props.title} tone="error" id={props.action}>
      <Form
        name={props.action}
        csrf={props.csrf}
        errors={props.errors ?? {}}
        buttons={<Button variant="danger">{props.button}</Button>}
      >
        <p>{props.consequence}</p>
        <Field
          name="confirm"
          label={`Type ${props.slug} to confirm`}
          error={props.errors?.confirm}
          autocomplete="off"
          verbatim
          required
        />
      </Form>
    </Card>
  )
}
