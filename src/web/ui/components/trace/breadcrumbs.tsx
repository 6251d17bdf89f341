import type { Breadcrumb } from "#normalize/event.ts"
import type { Meta } from "#normalize/meta.ts"
import { clockTime } from "../../times.ts"
import { Badge } from "../badge.tsx"
import { KeyValueTable } from "../data/key-value.tsx"
import { noteOn, type ValueNotes } from "../data/notes.ts"
import { ValueNote } from "../data/value-note.tsx"
import { ForeignText } from "../foreign-text.tsx"
import { Icon } from "../icon.tsx"
import { InlineCode } from "./code-block.tsx"
import { crumbLine } from "./crumb.ts"
import type { HighlightBudget } from "./highlight.ts"

/** The nearest to the error are read; the rest is one click away. */
const SHOWN_FIRST = 15
const MAX_TEXT_CHARACTERS = 500

type Props = {
  crumbs: readonly Breadcrumb[]
  /** What it all led to: the first row. */
  error: string
  /** Seconds since 1970: when the event happened. */
  errorAt: number
  zone: string
  budget: HighlightBudget
  notes: ValueNotes
}

/** What happened before, newest first: nearest to the error. */
export function Breadcrumbs(props: Props) {
  const { crumbs, errorAt } = props
  const newestFirst = crumbs
    .map((crumb, index) => ({ crumb, index }))
    .sort(
      (a, b) =>
        (b.crumb.timestamp ?? errorAt) - (a.crumb.timestamp ?? errorAt) || b.index - a.index,
    )
    .map(({ crumb }) => crumb)
  const rest = newestFirst.slice(SHOWN_FIRST)
  return (
    <>
      <CrumbTable {...props} crumbs={newestFirst.slice(0, SHOWN_FIRST)} withError />
      {rest.length > 0 && (
        <details class="frame">
          <summary>{`${rest.length} earlier breadcrumbs`}</summary>
          <CrumbTable {...props} crumbs={rest} />
        </details>
      )}
    </>
  )
}

function CrumbTable({ withError = false, ...props }: Props & { withError?: boolean }) {
  return (
    <table class="crumbs">
      <caption class="visually-hidden">
        {withError ? "Breadcrumbs, newest first" : "Earlier breadcrumbs"}
      </caption>
      <colgroup>
        <col class="crumb-time" />
        <col class="crumb-category" />
        <col />
      </colgroup>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Category</th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        {withError && <ErrorRow {...props} />}
        {props.crumbs.map((crumb) => (
          <CrumbRow {...props} crumb={crumb} />
        ))}
      </tbody>
    </table>
  )
}

/** The event itself, so that one sees what the last breadcrumb led to. */
function ErrorRow({ error, errorAt, zone }: Props) {
  return (
    <tr data-tone="error">
      <CrumbTime at={errorAt} errorAt={errorAt} zone={zone} />
      <td class="crumb-category">
        <Icon name="circle-alert" />
        this event
      </td>
      <td class="crumb-message">
        <ForeignText text={error} max={MAX_TEXT_CHARACTERS} />
      </td>
    </tr>
  )
}

function CrumbRow(props: Props & { crumb: Breadcrumb }) {
  const { crumb, errorAt, zone, budget, notes } = props
  const { icon, tone, text, kind, status, rest } = crumbLine(crumb)
  const line = (
    <>
      <span class="grow">
        {kind === "sql" ? (
          <InlineCode text={text} language="sql" budget={budget} />
        ) : (
          <ForeignText text={text} max={MAX_TEXT_CHARACTERS} />
        )}
        <ValueNote note={noteOn(notes.get(crumb), "message")} />
      </span>
      {status !== null && <Badge tone={toneOf(status)}>{String(status)}</Badge>}
    </>
  )
  return (
    <tr {...(tone && { "data-tone": tone })}>
      <CrumbTime at={crumb.timestamp} errorAt={errorAt} zone={zone} />
      <td class="crumb-category">
        <Icon name={icon} />
        <ForeignText text={crumb.category ?? crumb.type ?? "default"} max={100} />
        {crumb.level && tone && <span class="visually-hidden">{` (${crumb.level})`}</span>}
      </td>
      <td class="crumb-message">
        {rest.length === 0 ? (
          <div class="crumb-line">{line}</div>
        ) : (
          <details>
            <summary class="crumb-line">
              {line}
              <span class="crumb-more">data</span>
            </summary>
            <KeyValueTable
              caption="Data of the breadcrumb"
              rows={rest}
              meta={crumb.data && metaOfRest(notes.get(crumb.data), crumb.data, rest)}
            />
          </details>
        )}
      </td>
    </tr>
  )
}

/** What the line itself shows of the data is not gone because it is not in the table. */
function metaOfRest(
  meta: Meta | undefined,
  data: Record<string, unknown>,
  rest: readonly (readonly [key: string, value: unknown])[],
): Meta | undefined {
  if (!meta) return undefined
  const inTable = new Set(rest.map(([key]) => key))
  const isMeant = (key: string) => inTable.has(key) || !Object.hasOwn(data, key)
  return Object.fromEntries(Object.entries(meta).filter(([key]) => isMeant(key)))
}

function toneOf(status: number) {
  if (status >= 500) return "error"
  return status >= 400 ? "warning" : "debug"
}

function CrumbTime(props: { at: number | undefined; errorAt: number; zone: string }) {
  const { at, errorAt, zone } = props
  if (at === undefined) return <td class="crumb-time"></td>
  const date = new Date(at * 1000)
  return (
    <td class="crumb-time">
      <time datetime={date.toISOString()}>{clockTime(date, zone)}</time>
      <span>{beforeError(errorAt - at)}</span>
    </td>
  )
}

/** `-1.24 s`: nearness to the error tells more than the hour. */
function beforeError(seconds: number): string {
  if (Math.abs(seconds) < 0.001) return "0 s"
  const sign = seconds > 0 ? "-" : "+"
  const size = Math.abs(seconds)
  if (size < 60) return `${sign}${size.toFixed(2)} s`
  if (size < 3600) return `${sign}${(size / 60).toFixed(1)} min`
  return size < 86_400
    ? `${sign}${(size / 3600).toFixed(1)} h`
    : `${sign}${Math.round(size / 86_400)} d`
}
