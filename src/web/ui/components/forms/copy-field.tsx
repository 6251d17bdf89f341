import { Button } from "../button.tsx"

/** A value to take along (DSN, token, command): selects as a whole without script, copies with it. */
export function CopyField(props: { id: string; value: string; label: string }) {
  return (
    <div class="copy-field">
      <code class="copy-value" id={props.id}>
        {props.value}
      </code>
      <Button copies={`#${props.id}`} icon="copy" label={`Copy ${props.label}`}>
        Copy
      </Button>
    </div>
  )
}
