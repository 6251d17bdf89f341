import type { StreamPage as Page } from "#issues/stream/search.ts"
import { urls } from "#urls.ts"
import { Pager } from "../../components/data/pager.tsx"
import { Banner } from "../../components/feedback/notice.tsx"
import { Csrf } from "../../components/forms/form.tsx"
import { Layout } from "../../layout.tsx"
import type { Shell } from "../../shell.ts"
import { BulkBar } from "./bulk-bar.tsx"
import type { StreamData } from "./data.ts"
import { StreamEmpty } from "./empty.tsx"
import { StreamPreview } from "./preview.tsx"
import { lastDayOf, type StreamRequest, scopeFields, searchOf, streamUrl } from "./request.ts"
import { StreamRow } from "./row.tsx"
import { STREAM_REGION, StreamSearch, StreamViews } from "./toolbar.tsx"

export type StreamPageProps = {
  shell: Shell
  org: string
  request: StreamRequest
  data: StreamData
}

export function StreamPage({ shell, org, request: asked, data }: StreamPageProps) {
  const request = data.slow ? lastDayOf(asked) : asked
  return (
    <Layout {...shell} title="Issues" section="issues">
      <div id={STREAM_REGION}>
        <div class="page-head">
          <h1>Issues</h1>
          <StreamSearch org={org} request={request} data={data} />
        </div>
        <StreamViews org={org} request={request} reviewCount={data.reviewCount} />
        <div class="stream-region" data-poll={changesUrl(org, request)} data-since={data.token}>
          {data.slow && <TooSlow org={org} asked={asked} slow={data.slow} />}
          <StreamList shell={shell} org={org} request={request} data={data} />
        </div>
      </div>
    </Layout>
  )
}

function TooSlow(props: { org: string; asked: StreamRequest; slow: "narrowed" | "gave_up" }) {
  const { org, asked, slow } = props
  return (
    <Banner tone="warning">
      {slow === "narrowed"
        ? "Showing the last 24 h; the full range took too long. "
        : "The list took the database too long, even for the last 24 h. Fewer projects or another query may help. "}
      <a href={streamUrl(org, asked, { cursor: asked.cursor })}>Try the full range again</a>
    </Banner>
  )
}

function StreamList({ shell, org, request, data }: StreamPageProps) {
  if (!data.answer.ok || data.slow === "gave_up") return null
  const { page } = data.answer
  if (page.issues.length === 0) {
    return <StreamEmpty org={org} request={request} data={data} shell={shell} />
  }
  const hits = hitsText(page)
  return (
    <>
      <form class="card stream-card" method="post" action={urls.issues(org)} data-bulk>
        <Csrf token={shell.csrf} />
        {scopeFields(request).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {request.cursor && <input type="hidden" name="cursor" value={request.cursor} />}
        <BulkBar org={org} request={request} data={data} hits={hits} zone={shell.zone} />
        <table class="stream">
          <caption class="visually-hidden">Issues</caption>
          <StreamHead request={request} />
          <tbody>
            {page.issues.map((issue, index) => (
              <>
                <StreamRow
                  issue={issue}
                  org={org}
                  counts={data.series.get(issue.id) ?? []}
                  request={request}
                  index={index}
                  shell={shell}
                />
                {data.preview?.issue.id === issue.id && (
                  <StreamPreview data={data.preview} org={org} shell={shell} />
                )}
              </>
            ))}
          </tbody>
        </table>
      </form>
      <Pager
        label="Pages of issues"
        region={STREAM_REGION}
        summary={`${hits} ${page.hits.count === 1 ? "issue" : "issues"}`}
        previous={page.previous && streamUrl(org, request, { cursor: page.previous })}
        next={page.next && streamUrl(org, request, { cursor: page.next })}
      />
    </>
  )
}

/** The heads say what the numbers below them count. */
function StreamHead({ request }: { request: StreamRequest }) {
  const [only] = request.environments
  const where = request.environments.length > 1 ? `${request.environments.length} env.` : only
  const scope = where ? `${request.period} · ${where}` : request.period
  return (
    <thead>
      <tr>
        <td class="stream-tick"></td>
        <th scope="col">Issue</th>
        <th scope="col" class="stream-graph">
          {request.period}
        </th>
        <th scope="col" class="stream-number">
          Events <small>{scope}</small>
        </th>
        <th scope="col" class="stream-number">
          Users <small>ever</small>
        </th>
        <th scope="col" class="stream-number">
          {request.sort === "new" ? "First seen" : "Last seen"}
        </th>
        <th scope="col">Assignee</th>
      </tr>
    </thead>
  )
}

function hitsText({ hits }: Page): string {
  return hits.isMore ? "10k+" : hits.count.toLocaleString("en")
}

function changesUrl(org: string, request: StreamRequest): string {
  return `${urls.issues(org)}changes/?${searchOf({ ...request, cursor: undefined, preview: undefined })}`
}
