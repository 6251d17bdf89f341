import type { Child } from "hono/jsx"
import type { Context, NormalizedEvent, User } from "#normalize/event.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { userOf } from "#normalize/event-user.ts"
import { type Meta, metaAt, noteOf } from "#normalize/meta.ts"
import { TextValue } from "../../../components/data/json-tree.tsx"
import { KeyValueTable } from "../../../components/data/key-value.tsx"
import { noteOn, notesOf, type ValueNotes } from "../../../components/data/notes.ts"
import { ValueNote } from "../../../components/data/value-note.tsx"
import { plainText } from "../../../components/foreign-text.tsx"
import { Breadcrumbs } from "../../../components/trace/breadcrumbs.tsx"
import { highlightBudget } from "../../../components/trace/highlight.ts"
import { issuesWith } from "../event/highlights.tsx"
import { ImagesSection, RegistersSection } from "./native.tsx"
import { ProcessingSection } from "./processing.tsx"
import { RequestSection } from "./request.tsx"
import { Fold, Section } from "./section.tsx"

type Rows = readonly (readonly [key: string, value: unknown])[]

/** Everything but the trace, in the order in which people look for it. Empty parts are left out. */
export function DataSections(props: {
  event: NormalizedEvent
  title: string
  org: string
  zone: string
  /** What came with the event: stands between its data and the technicalities. */
  companions?: Child
  /** Why it is grouped as it is. */
  grouping?: Child
}) {
  const { event, title, org, zone } = props
  const notes = notesOf(event)
  const report = event.csp ?? event.hpkp ?? event.expectct ?? event.expectstaple
  return (
    <>
      <BagSection title="Security report" id="report" bag={report} notes={notes} />
      <BreadcrumbsSection event={event} title={title} zone={zone} notes={notes} />
      {event.request && (
        <RequestSection request={event.request} meta={notes.get(event.request)} shortcut="3" />
      )}
      {event.user && <UserSection event={event} user={event.user} org={org} notes={notes} />}
      <TagsSection event={event} org={org} />
      <ContextSections contexts={event.contexts ?? {}} notes={notes} />
      <BagSection title="Additional data" id="extra" bag={event.extra} notes={notes} shortcut="7" />
      <PackagesSection modules={event.modules ?? {}} />
      {props.companions}
      <RegistersSection event={event} />
      <ImagesSection event={event} />
      <SdkSection event={event} />
      <ProcessingSection event={event} />
      {props.grouping}
    </>
  )
}

/** The message of events that are one, or that have one beside their exception. */
export function MessageSection({ event }: { event: NormalizedEvent }) {
  const { formatted, message, params } = event.logentry ?? {}
  const text = formatted ?? message
  if (!text) return null
  const note = noteOn(metaAt(event._meta, "logentry"), formatted ? "formatted" : "message")
  const rows: Rows = [
    ...(formatted && message && message !== formatted ? [["template", message] as const] : []),
    ...Object.entries(params ?? {}),
  ]
  return (
    <Section id="message" title="Message">
      <div class="card-body message-text anywhere">
        <TextValue text={text} clampAt={2_000} note={note} />
        <ValueNote note={note} />
      </div>
      {rows.length > 0 && (
        <KeyValueTable
          caption="Parts of the message"
          rows={rows}
          meta={metaAt(event._meta, "logentry", "params")}
        />
      )}
    </Section>
  )
}

function BreadcrumbsSection(props: {
  event: NormalizedEvent
  title: string
  zone: string
  notes: ValueNotes
}) {
  const { event, title, zone, notes } = props
  const crumbs = event.breadcrumbs?.values ?? []
  if (crumbs.length === 0) return null
  const cut = noteOf(notes.get(crumbs))
  return (
    <Section
      id="breadcrumbs"
      title="Breadcrumbs"
      count={crumbs.length}
      shortcut="2"
      actions={<FilterField rows="#breadcrumbs .crumbs > tbody > tr" label="Filter breadcrumbs" />}
    >
      <Breadcrumbs
        crumbs={crumbs}
        error={title}
        errorAt={event.timestamp}
        zone={zone}
        budget={highlightBudget()}
        notes={notes}
      />
      {cut && (
        <p class="section-note">
          <ValueNote note={cut} />
        </p>
      )}
    </Section>
  )
}

/** Hides the rows that do not have the text; needs script, like every filter of what is already there. */
function FilterField({ rows, label }: { rows: string; label: string }) {
  return (
    <input
      class="input filter needs-script"
      type="search"
      placeholder="Filter…"
      aria-label={label}
      autocomplete="off"
      data-filters={rows}
    />
  )
}

function UserSection(props: {
  event: NormalizedEvent
  user: User
  org: string
  notes: ValueNotes
}) {
  const { event, user, org, notes } = props
  const { data = {}, geo, ...rest } = user
  const rows: Rows = [...Object.entries(rest), ...(geo ? [["geo", geo] as const] : [])]
  const identity = userOf(event)?.tag
  const others = identity && (
    <a href={issuesWith(org, "user", identity)}>Other issues of this user</a>
  )
  return (
    <Section id="user" title="User" shortcut="4">
      <KeyValueTable
        caption="User"
        rows={[...rows, ...Object.entries(data)]}
        meta={userMeta(user, notes)}
      />
      {others && <p class="section-note">{others}</p>}
    </Section>
  )
}

/** The table has the members of `data` among the user's own. */
function userMeta(user: User, notes: ValueNotes): Meta {
  const meta = { ...notes.get(user) }
  if (!user.data) return meta
  delete meta.data
  return { ...meta, ...notes.get(user.data) }
}

function TagsSection({ event, org }: { event: NormalizedEvent; org: string }) {
  const tags = tagsOf(event)
  const cell = (key: string, value: unknown): Child => (
    <a href={issuesWith(org, key, String(value))}>{plainText(String(value))}</a>
  )
  return (
    <Section id="tags" title="Tags" count={tags.length} shortcut="5">
      <KeyValueTable
        caption="Tags"
        rows={tags}
        cell={cell}
        meta={metaAt(event._meta, "tags")}
        columns
      />
    </Section>
  )
}

/** Known contexts first, in this order; then the others by name. */
const CONTEXT_ORDER = ["runtime", "os", "browser", "device", "app", "trace", "gpu", "culture"]

function ContextSections(props: { contexts: Record<string, Context>; notes: ValueNotes }) {
  const filled = Object.entries(props.contexts)
    .map(([name, context]) => {
      const { type: _type, ...fields } = context
      return { name, rows: Object.entries(fields), meta: props.notes.get(context) }
    })
    .filter(({ rows }) => rows.length > 0)
    .sort((a, b) => rankOf(a.name) - rankOf(b.name) || (a.name < b.name ? -1 : 1))
  if (filled.length === 0) return null
  return (
    <Section id="contexts" title="Contexts" count={filled.length} shortcut="6">
      {filled.map(({ name, rows, meta }) => (
        <Fold title={plainText(name, 100)} isOpen>
          <KeyValueTable caption={name} rows={rows} meta={meta} />
        </Fold>
      ))}
    </Section>
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
  notes: ValueNotes
  shortcut?: string
}) {
  const { title, id, bag = {}, notes, shortcut } = props
  const rows = Object.entries(bag)
  if (rows.length === 0) return null
  return (
    <Section id={id} title={title} count={rows.length} {...(shortcut && { shortcut })}>
      <KeyValueTable caption={title} rows={rows} meta={notes.get(bag)} />
    </Section>
  )
}

function PackagesSection({ modules }: { modules: Record<string, string> }) {
  const rows = Object.entries(modules).sort(([a], [b]) => (a < b ? -1 : 1))
  if (rows.length === 0) return null
  return (
    <Section
      id="packages"
      title="Packages"
      count={rows.length}
      shortcut="8"
      folded
      actions={<FilterField rows="#packages tr" label="Filter packages" />}
    >
      <KeyValueTable caption="Packages" rows={rows} columns />
    </Section>
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
    <Section id="sdk" title="SDK" folded>
      <KeyValueTable caption="SDK" rows={rows} />
    </Section>
  )
}
