import { Button } from "../components/button.tsx"

/** A piece of code to take along, under the name of where it goes. */
export function CodeSample({ id, label, code }: { id: string; label: string; code: string }) {
  return (
    <div class="stack">
      <div class="row">
        <span class="grow muted">{label}</span>
        <Button size="small" icon="copy" copies={`#${id}`}>
          Copy
        </Button>
      </div>
      <pre class="code" id={id} tabindex={0}>
        {code}
      </pre>
    </div>
  )
}
