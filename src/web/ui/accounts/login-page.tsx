import { urls } from "#urls.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Banner } from "../components/feedback/notice.tsx"
import { Field } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import { AloneLayout } from "../layout.tsx"

type LoginPageProps = {
  csrf: string
  email: string
  errors?: FieldErrors
  /** Where one goes on to; "/" is not worth a word. */
  next: string
  notice?: string | undefined
}

export function LoginPage({ csrf, email, errors = {}, next, notice }: LoginPageProps) {
  return (
    <AloneLayout title="Sign in">
      {notice && <Banner tone="info">{notice}</Banner>}
      <Card>
        <h1>Sign in</h1>
        <Form
          csrf={csrf}
          errors={errors}
          buttons={
            <>
              <Button variant="primary">Sign in</Button>
              <a href={urls.recover()}>Lost your password?</a>
            </>
          }
        >
          <input type="hidden" name="next" value={next} />
          <Field
            name="email"
            label="E-mail address"
            type="email"
            value={email}
            autocomplete="username"
            required
            verbatim
            autofocus={email === ""}
          />
          <Field
            name="password"
            label="Password"
            type="password"
            autocomplete="current-password"
            required
            autofocus={email !== ""}
          />
        </Form>
      </Card>
    </AloneLayout>
  )
}
