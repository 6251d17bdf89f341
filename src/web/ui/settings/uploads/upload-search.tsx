import { Button } from "../../components/button.tsx"

/** Stands in the head of a list of uploads; `label` says what is looked through. */
export function UploadSearch({ text, label }: { text: string; label: string }) {
  return (
    <form class="search-form" method="get">
      <input
        class="input"
        type="search"
        name="query"
        value={text}
        aria-label={label}
        placeholder={label}
      />
      <Button size="small">Search</Button>
    </form>
  )
}
