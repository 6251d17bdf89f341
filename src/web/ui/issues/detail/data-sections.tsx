import type { Child } from "hono/jsx"
import type { Context, NormalizedEvent, Request, User } from "#normalize/event.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { urls } from "#urls.ts"
import { Card } from "../../components/card.tsx"
import { KeyValueTable } from "../../components/data/key-value.tsx"
import { ForeignText, plainText } from "../../components/foreign-text.tsx"
import { Breadcrumbs } from "../../components/trace/breadcrumbs.tsx"
import { tagQuery } from "./tag-query.ts"

type Rows = [key: string, value: unknown][]

/** Everything but the trace, in the order in which people look for it. */
export function DataSections(props: { event: NormalizedEvent; org: string; zone: string }) {
  const { event, org, zone } = props
  const crumbs = event.breadcrumbs?.values ?? []
  return (
    <>
      <MessageSection event={event} />
      {crumbs.length > 0 && (
        <Card title={`Breadcrumbs (${crumbs.length})`} id="breadcrumbs" flush>
          <Breadcrumbs crumbs={crumbs} errorAt={event.timestamp} zone={zone} />
        </Card>
      )}
      {event.request && <RequestSection request={event.request} />}
      {event.user && <UserSection user={event.user} />}
      <TagsSection event={event} org={org} />
      <ContextSections contexts={event.contexts ?? {}} />
      <BagSection title="Additional data" id="extra" bag={event.extra} />
      <BagSection title="Packages" id="packages" bag={event.modules} folded />
      <SdkSection event={event} />
      <ErrorsSection event={event} />
    </>
  )
}

/** The message of events that are one, or that have one beside their exception. */
function MessageSection({ event }: { event: NormalizedEvent }) {
  const text = event.logentry?.formatted ?? event.logentry?.message
  if (!text) return null
  return (
    <Card title="Message" id="message">
      <p class="clamp anywhere">
        <ForeignText text={text} max={20_000} />
      </p>
      {event.logentry?.params && (
        <KeyValueTable caption="Parameters" rows={Object.entries(event.logentry.params)} />
      )}
    </Card>
  )
}

function RequestSection({ request }: { request: Request }) {
  const head = [request.method, request.url].filter(Boolean).join(" ")
  const parts: [string, Rows][] = [
    ["Query", request.query_string ?? []],
    ["Body", bodyRows(request.data)],
    ["Cookies", request.cookies ?? []],
    ["Headers", request.headers ?? []],
    ["Environment", Object.entries(request.env ?? {})],
  ]
  return (
    <Card title="Request" id="request" flush>
      {head && (
        <p class="card-body mono anywhere">
          <ForeignText text={head} max={2_000} />
        </p>
      )}
      {parts
        .filter(([, rows]) => rows.length > 0)
        .map(([title, rows]) => (
          <Fold title={`${title} (${rows.length})`} isOpen={title !== "Environment"}>
            <KeyValueTable caption={title} rows={rows} />
          </Fold>
        ))}
    </Card>
  )
}

function bodyRows(data: unknown): Rows {
  if (data === undefined || data === null) return []
  return typeof data === "object" ? Object.entries(data) : [["body", data]]
}

function UserSection({ user }: { user: User }) {
  const { data = {}, geo, ...rest } = user
  const rows: Rows = [...Object.entries(rest), ...(geo ? [["geo", geo] as [string, unknown]] : [])]
  return (
    <Card title="User" id="user" flush>
      <KeyValueTable caption="User" rows={[...rows, ...Object.entries(data)]} />
    </Card>
  )
}

function TagsSection({ event, org }: { event: NormalizedEvent; org: string }) {
  const tags = tagsOf(event)
  const cell = (key: string, value: unknown): Child => (
    <a href={`${urls.issues(org)}?query=${encodeURIComponent(tagQuery(key, String(value)))}`}>
      {plainText(String(value))}
    </a>
  )
  return (
    <Card title={`Tags (${tags.length})`} id="tags" flush>
      <KeyValueTable caption="Tags" rows={tags} cell={cell} />
    </Card>
  )
}

/** Known contexts first, in this order; then the others by name. */
const CONTEXT_ORDER = ["runtime", "os", "browser", "device", "app", "trace", "gpu", "culture"]

function ContextSections({ contexts }: { contexts: Record<string, Context> }) {
  const names = Object.keys(contexts).sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1))
  if (names.length === 0) return null
  return (
    <Card title="Contexts" id="contexts" flush>
      {names.map((name) => {
        const { type: _type, ...fields } = contexts[name] ?? { type: name }
        return (
          <Fold title={plainText(name, 100)} isOpen>
            <KeyValueTable caption={name} rows={Object.entries(fields)} />
          </Fold>
        )
      })}
    </Card>
  )
}

function rankOf(name: string): number {
  const rank = CONTEXT_ORDER.indexOf(name)
  return rank === -1 ? CONTEXT_ORDER.length : rank
}

function BagSection(props: {
  title: string
  id: string
  bag: Record<string, unknown> | undefined
  folded?: boolean
}) {
  const rows = Object.entries(props.bag ?? {})
  if (rows.length === 0) return null
  return (
    <Card title={`${props.title} (${rows.length})`} id={props.id} flush>
      <Fold title={props.folded ? "Show all" : "Values"} isOpen={!props.folded}>
        <KeyValueTable caption={props.title} rows={rows} />
      </Fold>
    </Card>
  )
}

function SdkSection({ event }: { event: NormalizedEvent }) {
  const { sdk, release, dist, environment, logger, server_name, transaction } = event
  const rows = Object.entries({
    sdk: sdk && [sdk.name, sdk.version].filter(Boolean).join(" "),
    integrations: sdk?.integrations?.join(", "),
    platform: event.platform,
    release,
    dist,
    environment,
    logger,
    server_name,
    transaction,
  }).filter(([, value]) => value)
  return (
    <Card title="SDK" id="sdk" flush>
      <KeyValueTable caption="SDK" rows={rows} />
    </Card>
  )
}

/** What was dropped, cut or corrected on the way in: nothing disappears without a word. */
function ErrorsSection({ event }: { event: NormalizedEvent }) {
  const errors = event.errors ?? []
  if (errors.length === 0) return null
  return (
    <Card title={`Processing notes (${errors.length})`} id="errors" flush tone="warning">
      <KeyValueTable
        caption="Processing notes"
        rows={errors.map(({ name, type, reason, value }) => [
          name,
          [type.replaceAll("_", " "), reason, value !== undefined && JSON.stringify(value)]
            .filter(Boolean)
            .join(" · "),
        ])}
      />
    </Card>
  )
}

function Fold(props: { title: string; isOpen: boolean; children: Child }) {
  return (
    <details class="fold" {...(props.isOpen && { open: true })}>
      <summary>{props.title}</summary>
      {props.children}
    </details>
  )
}
