import type { Request } from "#normalize/event.ts"
import { type Meta, metaAt, noteOf } from "#normalize/meta.ts"
import { Button } from "../../../components/button.tsx"
import { KeyValueTable } from "../../../components/data/key-value.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import { curlCommand } from "./curl.ts"
import { Fold, Section } from "./section.tsx"

type Rows = readonly (readonly [key: string, value: unknown])[]

type Part = { title: string; member: keyof Request; rows: Rows; isFolded?: boolean }

export function RequestSection(props: {
  request: Request
  meta: Meta | undefined
  shortcut: string
}) {
  const { request, meta, shortcut } = props
  const parts: Part[] = [
    { title: "Query", member: "query_string", rows: request.query_string ?? [] },
    { title: "Body", member: "data", rows: bodyRows(request.data) },
    { title: "Cookies", member: "cookies", rows: request.cookies ?? [] },
    { title: "Headers", member: "headers", rows: request.headers ?? [] },
    {
      title: "Environment",
      member: "env",
      rows: Object.entries(request.env ?? {}),
      isFolded: true,
    },
  ]
  return (
    <Section id="request" title="Request" shortcut={shortcut}>
      <RequestLine request={request} />
      {parts
        .filter(({ rows }) => rows.length > 0)
        .map(({ title, member, rows, isFolded = false }) => (
          <Fold title={`${title} (${rows.length})`} isOpen={!isFolded}>
            <KeyValueTable
              caption={title}
              rows={rows}
              meta={tableMeta(metaAt(meta, member), request[member])}
            />
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

/**
 * Notes by the names of the rows. Pairs have theirs by number, in a table that shows names; and a body of text is one row.
 */
function tableMeta(meta: Meta | undefined, value: unknown): Meta | undefined {
  if (!meta || (typeof value === "object" && !Array.isArray(value))) return meta
  if (!isPairs(value)) return typeof value === "string" ? { body: meta } : meta
  const whole = noteOf(meta)
  const byName = value.flatMap(([name], index) => {
    const note = metaAt(meta, index, 1)
    return note ? [[name, note] as const] : []
  })
  return { ...Object.fromEntries(byName), ...(whole && { "": whole }) }
}

function isPairs(value: unknown): value is [string, string][] {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && typeof pair[0] === "string")
  )
}

function bodyRows(data: unknown): Rows {
  if (data === undefined || data === null) return []
  return typeof data === "object" ? Object.entries(data) : [["body", data]]
}
