import { dsnOf } from "#urls.ts"
import { Button } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { Banner } from "../components/feedback/notice.tsx"
import { Field } from "../components/forms/field.tsx"
import { type FieldErrors, Form } from "../components/forms/form.tsx"
import { SetupLayout } from "./setup-layout.tsx"

const EXAMPLE_KEY = { publicKey: "0123456789abcdef0123456789abcdef" }

type AddressPageProps = {
  csrf: string
  address: string
  /** The browser that asks is on another machine. */
  isRemote: boolean
  errors?: FieldErrors
}

export function AddressPage({ csrf, address, isRemote, errors = {} }: AddressPageProps) {
  return (
    <SetupLayout step="address" title="Address">
      <Card>
        <Form
          csrf={csrf}
          errors={errors}
          buttons={<Button variant="primary">Save and go on</Button>}
        >
          <p>
            Where people and programs reach this server. DSNs and links in mails are made of it.
          </p>
          <Field
            name="address"
            label="Address"
            type="url"
            value={address}
            error={errors.address}
            required
            verbatim
            autofocus
          />
          {URL.canParse(address) && <Advice url={new URL(address)} isRemote={isRemote} />}
        </Form>
      </Card>
    </SetupLayout>
  )
}

function Advice({ url, isRemote }: { url: URL; isRemote: boolean }) {
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname)
  return (
    <>
      {isLocal && isRemote && (
        <Banner tone="error">
          You come from another machine, but {url.hostname} is this server alone: programs elsewhere
          could not send.
        </Banner>
      )}
      {!isLocal && url.protocol === "http:" && (
        <Banner tone="warning">
          Over http, passwords and events travel in the clear. Put a proxy with TLS in front and use
          https.
        </Banner>
      )}
      <p class="muted">
        A DSN will look like this: <code>{dsnOf(url.origin, EXAMPLE_KEY, "1")}</code>
      </p>
    </>
  )
}
