import type { Request } from "#normalize/event.ts"
import { Button } from "../../components/button.tsx"
import { KeyValueTable } from "../../components/data/key-value.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import { curlCommand } from "./curl.ts"
import { Fold, Section } from "./section.tsx"

type Rows = readonly (readonly [key: string, value: unknown])[]

export function RequestSection({ request, shortcut }: { request: Request; shortcut: string }) {
  const parts: [string, Rows, isOpen: boolean][] = [
    ["Query", request.query_string ?? [], true],
    ["Body", bodyRows(request.data), true],
    ["Cookies", request.cookies ?? [], true],
    ["Headers", request.headers ?? [], true],
    ["Environment", Object.entries(request.env ?? {}), false],
  ]
  return (
    <Section id="request" title="Request" shortcut={shortcut}>
      <RequestLine request={request} />
      {parts
        .filter(([, rows]) => rows.length > 0)
        .map(([title, rows, isOpen]) => (
          <Fold title={`${title} (${rows.length})`} isOpen={isOpen}>
            <KeyValueTable caption={title} rows={rows} />
          </Fold>
        ))}
    </Section>
  )
}

function RequestLine({ request }: { request: Request }) {
  const head = [request.method, request.url].filter(Boolean).join(" ")
  const curl = curlCommand(request)
  if (!head) return null
  return (
    <div class="request-line">
      <p class="mono anywhere grow">
        <ForeignText text={head} max={2_000} />
      </p>
      {curl && (
        <>
          <Button copies="#curl" size="small" icon="copy">
            Copy as curl
          </Button>
          <span id="curl" data-copy-text={curl} hidden></span>
        </>
      )}
    </div>
  )
}

function bodyRows(data: unknown): Rows {
  if (data === undefined || data === null) return []
  return typeof data === "object" ? Object.entries(data) : [["body", data]]
}
