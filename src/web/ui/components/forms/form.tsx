import type { Child } from "hono/jsx"

/** Messages by field name; "" holds what concerns no field. */
export type FieldErrors = Readonly<Record<string, string | undefined>>

export function Csrf({ token }: { token: string }) {
  return <input type="hidden" name="csrf" value={token} />
}

/** The summary above a form that was refused: each line leads to its field. */
function FormErrors({ errors }: { errors: FieldErrors }) {
  const entries = Object.entries(errors).filter(([, message]) => message)
  if (entries.length === 0) return null
  return (
    <div class="form-errors" role="alert" tabindex={-1}>
      <h2>{entries.length === 1 ? "This did not work" : "Some fields need another look"}</h2>
      <ul>
        {entries.map(([field, message]) => (
          <li>{field === "" ? message : <a href={`#field-${field}`}>{message}</a>}</li>
        ))}
      </ul>
    </div>
  )
}

/** A form that posts, with its token, the errors of the last try and its buttons below. */
export function Form(props: {
  action?: string
  csrf: string
  errors?: FieldErrors
  /** What the page's table of actions knows this form by. */
  name?: string
  buttons: Child
  children?: Child
}) {
  return (
    <form class="form" method="post" {...(props.action && { action: props.action })}>
      <Csrf token={props.csrf} />
      {props.name && <input type="hidden" name="action" value={props.name} />}
      <FormErrors errors={props.errors ?? {}} />
      {props.children}
      <div class="form-actions">{props.buttons}</div>
    </form>
  )
}
