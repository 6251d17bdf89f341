import { urls } from "#urls.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Field } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import { AloneLayout } from "../layout.tsx"

type AcceptPageProps = {
  csrf: string
  organization: string
  inviter: string | null
  role: string
  email: string
  /** What the visitor can do: make an account, join with their own, sign in first, or change accounts. */
  way: "new" | "join" | "sign-in" | "other"
  /** Whoever is signed in. */
  viewerEmail: string | null
  /** This page's own path, to come back to. */
  path: string
  minLength: number
  name?: string
  errors?: FieldErrors
}

export function AcceptPage(props: AcceptPageProps) {
  return (
    <AloneLayout title={`Join ${props.organization}`}>
      <Card>
        <h1>
          Join <bdi>{props.organization}</bdi>
        </h1>
        <p>
          {props.inviter ? <bdi>{props.inviter}</bdi> : "Somebody"} invited <bdi>{props.email}</bdi>{" "}
          as {props.role}.
        </p>
        <Way {...props} />
      </Card>
    </AloneLayout>
  )
}

function Way(props: AcceptPageProps) {
  switch (props.way) {
    case "new":
      return <NewAccount {...props} />
    case "join":
      return (
        <Form
          csrf={props.csrf}
          errors={props.errors ?? {}}
          buttons={<Button variant="primary">Join</Button>}
        />
      )
    case "sign-in":
      return (
        <p>
          There is an account with this address.{" "}
          <a href={urls.login(props.path)}>Sign in to join</a>.
        </p>
      )
    case "other":
      return (
        <Form action={urls.logout()} csrf={props.csrf} buttons={<Button>Sign out</Button>}>
          <p>
            You are signed in as <bdi>{props.viewerEmail}</bdi>, but this invitation is for somebody
            else. Sign out and open the link again.
          </p>
        </Form>
      )
  }
}

function NewAccount({ csrf, email, minLength, name = "", errors = {} }: AcceptPageProps) {
  return (
    <Form
      csrf={csrf}
      errors={errors}
      buttons={<Button variant="primary">Make my account and join</Button>}
    >
      <input type="hidden" name="username" value={email} autocomplete="username" />
      <Field
        name="name"
        label="Your name"
        value={name}
        autocomplete="name"
        maxlength={64}
        error={errors.name}
        autofocus
      />
      <Field
        name="password"
        label="Password"
        type="password"
        autocomplete="new-password"
        minlength={minLength}
        help={`At least ${minLength} characters.`}
        error={errors.password}
        required
      />
    </Form>
  )
}
