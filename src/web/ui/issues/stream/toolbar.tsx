import { PERIODS } from "#issues/stream/period.ts"
import { urls } from "#urls.ts"
import { Button } from "../../components/button.tsx"
import { Icon } from "../../components/icon.tsx"
import { Menu, MenuLabel } from "../../components/menu.tsx"
import { Tabs } from "../../components/tabs.tsx"
import { swapRegion } from "../../swap.ts"
import { MAX_REVIEW_COUNT, type StreamData } from "./data.ts"
import { DEFAULT_QUERY, type StreamRequest, streamUrl } from "./request.ts"

/** What searching, paging and changing the view puts in place: everything of the page but the shell. */
export const STREAM_REGION = "stream-page"

type ToolbarProps = { org: string; request: StreamRequest; data: StreamData }

export const PERIOD_WORDS = {
  "24h": "Last 24 hours",
  "14d": "Last 14 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
} as const

/** Query, scope and window in one GET form: every state of the page is in its address. */
export function StreamSearch({ org, request, data }: ToolbarProps) {
  const error = data.answer.ok ? null : data.answer
  return (
    <search class="stream-search">
      <form action={urls.issues(org)} {...swapRegion(STREAM_REGION)}>
        <div class="stream-field">
          <input
            class="input mono"
            type="search"
            name="query"
            value={request.query}
            maxlength={4096}
            aria-label="Search issues"
            autocapitalize="none"
            data-shortcut="search"
            {...(error && { "aria-invalid": "true", "aria-describedby": "query-error" })}
          />
        </div>
        <Pickers request={request} data={data} />
        <select class="input" name="statsPeriod" aria-label="Time range">
          {PERIODS.map((period) => (
            <option value={period} {...(period === request.period && { selected: true })}>
              {PERIOD_WORDS[period]}
            </option>
          ))}
        </select>
        {request.sort !== "date" && <input type="hidden" name="sort" value={request.sort} />}
        {request.limit !== 25 && <input type="hidden" name="limit" value={String(request.limit)} />}
        <Button icon="search">Search</Button>
      </form>
      {error && <QueryError query={request.query} message={error.message} at={error.at} />}
    </search>
  )
}

/** The query once more with the part that was not understood marked. */
function QueryError(props: { query: string; message: string; at: { from: number; to: number } }) {
  const { query, message, at } = props
  return (
    <div class="query-error" id="query-error" role="alert">
      <Icon name="circle-alert" />
      <span>{message}</span>
      <code>
        {query.slice(Math.max(0, at.from - 200), at.from)}
        <mark>{query.slice(at.from, at.to).slice(0, 200) || "␣"}</mark>
        {query.slice(at.to, at.to + 200)}
      </code>
    </div>
  )
}

/** With one project, or one environment, there is nothing to pick. */
function Pickers({ request, data }: Omit<ToolbarProps, "org">) {
  const projects = data.projects.map(({ id, slug }) => ({ value: id, label: slug }))
  const environments = data.environments.map((name) => ({
    value: name,
    label: name || "(no environment)",
  }))
  return (
    <>
      {projects.length > 1 && (
        <Picker name="project" all="All projects" options={projects} picked={request.projects} />
      )}
      {(environments.length > 1 || request.environments.length > 0) && (
        <Picker
          name="environment"
          all="All environments"
          options={environments}
          picked={request.environments}
        />
      )}
    </>
  )
}

function Picker(props: {
  name: string
  all: string
  options: readonly { value: string; label: string }[]
  picked: readonly string[]
}) {
  const { name, all, options, picked } = props
  const chosen = options.filter(({ value }) => picked.includes(value))
  const [first] = chosen
  const more = chosen.length > 1 ? ` +${chosen.length - 1}` : ""
  return (
    <Menu
      summary={
        <>
          <span class="truncate picker-label">{first ? first.label + more : all}</span>
          <Icon name="chevron-down" />
        </>
      }
    >
      <MenuLabel>{all} unless some are ticked</MenuLabel>
      {options.map(({ value, label }) => (
        <label class="menu-item">
          <input
            type="checkbox"
            name={name}
            value={value}
            {...(picked.includes(value) && { checked: true })}
          />
          <span class="truncate">{label}</span>
        </label>
      ))}
      <Button size="small">Apply</Button>
    </Menu>
  )
}

const REVIEW_QUERY = "is:for_review"

const VIEWS = [
  { label: "Unresolved", query: DEFAULT_QUERY },
  { label: "For review", query: REVIEW_QUERY },
  { label: "Regressed", query: "is:regressed" },
  { label: "Escalating", query: "is:escalating" },
  { label: "Assigned to me", query: "is:unresolved assigned:me" },
  { label: "Archived", query: "is:archived" },
  { label: "Resolved", query: "is:resolved" },
]

type ViewsProps = Pick<ToolbarProps, "org" | "request"> & {
  /** Issues that wait for review; null: counting took too long. */
  reviewCount: number | null
}

export function StreamViews({ org, request, reviewCount }: ViewsProps) {
  const tabs = VIEWS.map(({ label, query }) => ({
    label,
    href: streamUrl(org, request, { query }),
    current: query === request.query,
    ...(query === REVIEW_QUERY && reviewCount && { count: reviewText(reviewCount) }),
  }))
  return <Tabs label="Views" tabs={tabs} region={STREAM_REGION} />
}

function reviewText(count: number): string {
  return count > MAX_REVIEW_COUNT ? `${MAX_REVIEW_COUNT}+` : String(count)
}
