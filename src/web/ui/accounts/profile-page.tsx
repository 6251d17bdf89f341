import type { Preferences } from "#accounts/users/preferences.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Checkbox, Field, Radios, Select } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import type { Shell } from "../shell.ts"
import { AccountLayout } from "./account-layout.tsx"

type ProfilePageProps = {
  shell: Shell
  name: string
  preferences: Preferences
  /** IANA names. */
  zones: readonly string[]
  defaultZone: string
  errors?: FieldErrors
}

export function ProfilePage({ shell, name, preferences, errors = {}, ...props }: ProfilePageProps) {
  const zones = [
    { value: "", label: `As the server: ${props.defaultZone}` },
    ...props.zones.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") })),
  ]
  return (
    <AccountLayout shell={shell} page="details">
      <Card title="Profile">
        <Form
          name="profile"
          csrf={shell.csrf}
          errors={errors}
          buttons={<Button variant="primary">Save profile</Button>}
        >
          <Field
            name="name"
            label="Name"
            value={name}
            autocomplete="name"
            maxlength={64}
            error={errors.name}
            help="What others see beside your comments. Empty: your address."
          />
        </Form>
      </Card>
      <Card title="Appearance">
        <Form
          name="preferences"
          csrf={shell.csrf}
          buttons={<Button variant="primary">Save appearance</Button>}
        >
          <Radios
            name="theme"
            label="Theme"
            value={preferences.theme}
            options={[
              { value: "system", label: "As the system" },
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
            ]}
          />
          <Radios
            name="density"
            label="Density of lists"
            value={preferences.density}
            options={[
              { value: "comfortable", label: "Comfortable: two lines" },
              { value: "compact", label: "Compact: one line" },
            ]}
          />
          <Select name="timezone" label="Time zone" value={preferences.timezone} options={zones} />
          <Checkbox
            name="shortcuts"
            label="Keyboard shortcuts"
            checked={preferences.shortcuts}
            help="Single keys such as j, k and r. Press ? for the list."
          />
          <StackTrace preferences={preferences} />
        </Form>
      </Card>
    </AccountLayout>
  )
}

function StackTrace({ preferences }: { preferences: Preferences }) {
  return (
    <>
      <Select
        name="frameOrder"
        label="Order of stack frames"
        value={preferences.frameOrder}
        options={[
          { value: "newest", label: "Newest call first" },
          { value: "oldest", label: "Oldest call first" },
        ]}
      />
      <Select
        name="frameFilter"
        label="Frames shown at first"
        value={preferences.frameFilter}
        options={[
          { value: "app", label: "Own code" },
          { value: "all", label: "Own code and libraries" },
        ]}
      />
      <Select
        name="traceView"
        label="Form of stack traces"
        value={preferences.traceView}
        options={[
          { value: "pretty", label: "With source and variables" },
          { value: "raw", label: "Raw text" },
        ]}
      />
    </>
  )
}
