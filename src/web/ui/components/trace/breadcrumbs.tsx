import type { Breadcrumb } from "#normalize/event.ts"
import { clockTime } from "../../times.ts"
import type { Tone } from "../badge.tsx"
import { KeyValueTable } from "../data/key-value.tsx"
import { ForeignText } from "../foreign-text.tsx"

/** The nearest to the error are read; the rest is one click away. */
const SHOWN_FIRST = 15

type Props = {
  crumbs: readonly Breadcrumb[]
  /** Seconds since 1970: when the event happened. */
  errorAt: number
  zone: string
}

/** What happened before, newest first: nearest to the error. */
export function Breadcrumbs({ crumbs, errorAt, zone }: Props) {
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
      <CrumbTable crumbs={newestFirst.slice(0, SHOWN_FIRST)} errorAt={errorAt} zone={zone} />
      {rest.length > 0 && (
        <details class="frame">
          <summary>{`${rest.length} earlier breadcrumbs`}</summary>
          <CrumbTable crumbs={rest} errorAt={errorAt} zone={zone} />
        </details>
      )}
    </>
  )
}

function CrumbTable({ crumbs, errorAt, zone }: Props) {
  return (
    <table class="crumbs">
      <caption class="visually-hidden">Breadcrumbs, newest first</caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Category</th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        {crumbs.map((crumb) => (
          <CrumbRow crumb={crumb} errorAt={errorAt} zone={zone} />
        ))}
      </tbody>
    </table>
  )
}

const TONES: Record<string, Tone> = { warning: "warning", error: "error", fatal: "fatal" }

function CrumbRow(props: { crumb: Breadcrumb; errorAt: number; zone: string }) {
  const { crumb, errorAt, zone } = props
  const tone = TONES[crumb.level ?? ""]
  const data = Object.entries(crumb.data ?? {})
  const summary = crumb.message ?? httpSummary(crumb)
  return (
    <tr {...(tone && { "data-tone": tone })}>
      <td class="crumb-time">
        {crumb.timestamp !== undefined && (
          <time
            datetime={new Date(crumb.timestamp * 1000).toISOString()}
            title={clockTime(new Date(crumb.timestamp * 1000), zone)}
          >
            {beforeError(errorAt - crumb.timestamp)}
          </time>
        )}
      </td>
      <td class="crumb-category">
        <ForeignText text={crumb.category ?? crumb.type ?? "default"} max={100} />
        {tone && <span class="visually-hidden">{` (${crumb.level})`}</span>}
      </td>
      <td class="crumb-message">
        {summary && <ForeignText text={summary} max={500} />}
        {data.length > 0 && (
          <details class="more">
            <summary>data</summary>
            <KeyValueTable caption="Data of the breadcrumb" rows={data} />
          </details>
        )}
      </td>
    </tr>
  )
}

/** HTTP crumbs often come without a message. */
function httpSummary({ data = {} }: Breadcrumb): string {
  return [data.method, data.url ?? data.to, data.status_code]
    .filter((part) => typeof part === "string" || typeof part === "number")
    .join(" ")
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
