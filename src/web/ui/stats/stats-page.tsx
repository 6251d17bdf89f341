import type { StreamProject } from "#issues/stream/facts-store.ts"
import { PERIODS } from "#issues/stream/period.ts"
import type { KeyLabel } from "#projects/keys-store.ts"
import { urls } from "#urls.ts"
import { categoryWord, outcomeWord } from "../../outcome-words.ts"
import { Button, ButtonLink } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { StackedChart } from "../components/charts/stacked-chart.tsx"
import { Table } from "../components/data/table.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { Options } from "../components/forms/field.tsx"
import { Tabs } from "../components/tabs.tsx"
import { PERIOD_WORDS } from "../issues/stream/toolbar.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"
import { quantityWord } from "./quantity-word.ts"
import { ReasonWords } from "./reason-words.tsx"
import { type StatsRequest, statsHref } from "./requests.ts"
import type { StatsData } from "./usage.ts"

export type StatsPageProps = {
  shell: Shell
  org: string
  request: StatsRequest
  projects: readonly StreamProject[]
  /** Of the chosen project. */
  keys: readonly KeyLabel[]
  data: StatsData
}

/** How everything ended that was sent: by category, outcome, reason, project, key and time. */
export function StatsPage(props: StatsPageProps) {
  const { shell, org, request, data } = props
  return (
    <Layout {...shell} title="Stats" section="stats">
      <header class="page-head">
        <h1>Stats</h1>
        <ButtonLink href={urls.whereIsMyEvent(org)} icon="search">
          Where is my event?
        </ButtonLink>
        <ButtonLink href={statsHref(org, request, { format: "csv" })} icon="download">
          CSV
        </ButtonLink>
      </header>
      <div class="stack">
        <Scope {...props} />
        {data.categories.length === 0 ? <Nothing {...props} /> : <Numbers {...props} />}
      </div>
    </Layout>
  )
}

function Scope({ org, request, projects, keys }: StatsPageProps) {
  const named = (values: readonly { id: string; label: string }[], all: string) => [
    { value: "", label: all },
    ...values.map(({ id, label }) => ({ value: id, label })),
  ]
  return (
    <form class="stats-form" action={urls.stats(org)}>
      {request.category !== "error" && (
        <input type="hidden" name="category" value={request.category} />
      )}
      <select class="input" name="project" aria-label="Project">
        <Options
          options={named(
            projects.map(({ id, slug }) => ({ id, label: slug })),
            "All projects",
          )}
          selected={request.projectId ?? ""}
        />
      </select>
      {keys.length > 1 && (
        <select class="input" name="key" aria-label="Key">
          <Options options={named(keys, "All keys")} selected={request.keyId ?? ""} />
        </select>
      )}
      <select class="input" name="statsPeriod" aria-label="Time range">
        <Options
          options={PERIODS.map((period) => ({ value: period, label: PERIOD_WORDS[period] }))}
          selected={request.period}
        />
      </select>
      <Button>Show</Button>
    </form>
  )
}

function Nothing({ org, request, projects }: StatsPageProps) {
  const project = projects.find(({ id }) => id === request.projectId) ?? projects[0]
  const period = PERIOD_WORDS[request.period].toLowerCase()
  return (
    <EmptyState
      title={`Nothing arrived in the ${period}`}
      action={
        project && (
          <ButtonLink href={urls.gettingStarted(org, project.slug)} variant="primary">
            Connect a program
          </ButtonLink>
        )
      }
    >
      <p>
        Here stands what became of everything that programs send: what was accepted, filtered,
        refused and why, and what their SDKs dropped by themselves. Is something missing?{" "}
        <a href={urls.whereIsMyEvent(org)}>Look for a single event</a>.
      </p>
    </EmptyState>
  )
}

function Numbers(props: StatsPageProps) {
  const { shell, org, request, data } = props
  const { category } = request
  return (
    <>
      <Tabs
        label="Categories"
        tabs={tabsOf(data, category).map((each) => ({
          label: categoryWord(each.category),
          count: quantityWord(each.quantity, each.category),
          href: statsHref(org, request, { category: each.category }),
          current: each.category === category,
        }))}
      />
      {data.total === 0 ? (
        <EmptyState
          title={`No ${categoryWord(category).toLowerCase()} in the ${PERIOD_WORDS[request.period].toLowerCase()}`}
        />
      ) : (
        <>
          <Card title={categoryWord(category)}>
            <div class="stats-chart">
              <StackedChart
                series={data.series}
                buckets={data.buckets}
                zone={shell.zone}
                numberOf={(quantity) => quantityWord(quantity, category)}
                sentence={sentenceOf(props)}
              />
            </div>
          </Card>
          <Reasons {...props} />
          <Shares {...props} />
        </>
      )}
    </>
  )
}

/** The chosen one stands there, also when it has nothing. */
function tabsOf({ categories }: StatsData, chosen: string) {
  const isThere = categories.some(({ category }) => category === chosen)
  return isThere ? categories : [{ category: chosen, quantity: 0 }, ...categories]
}

function sentenceOf({ request, data }: StatsPageProps): string {
  const words = data.series.map(({ label, total }) => `${label} ${total}`)
  return `${PERIOD_WORDS[request.period]}: ${words.join(", ")}`
}

function Reasons({ org, request, projects, data }: StatsPageProps) {
  const project = projects.find(({ id }) => id === request.projectId) ?? null
  return (
    <Card title="Why" flush>
      <Table
        caption={`${categoryWord(request.category)} by outcome and reason`}
        rows={data.reasons}
        columns={[
          { head: "Outcome", rowHead: true, cell: ({ outcome }) => outcomeWord(outcome) },
          {
            head: "Reason",
            cell: (row) => <ReasonWords {...row} org={org} project={project?.slug ?? null} />,
          },
          {
            head: "How many",
            number: true,
            cell: ({ quantity }) => quantityWord(quantity, request.category),
          },
          { head: "Share", number: true, cell: ({ quantity }) => shareOf(quantity, data.total) },
        ]}
      />
    </Card>
  )
}

/** What happened is never 0 %. */
function shareOf(quantity: number, total: number): string {
  const percent = (quantity / total) * 100
  if (percent > 0 && percent < 1) return "<1%"
  return percent > 99 && percent < 100 ? ">99%" : `${Math.round(percent)}%`
}

const COLUMNS = ["accepted", "filtered", "rate_limited", "invalid", "client_discard"]

function Shares(props: StatsPageProps) {
  const { request, data } = props
  const isByKey = request.projectId !== null
  return (
    <Card title={isByKey ? "By key" : "By project"} flush>
      <Table
        caption={`${categoryWord(request.category)} by ${isByKey ? "key" : "project"}`}
        rows={data.shares}
        columns={[
          {
            head: isByKey ? "Key" : "Project",
            rowHead: true,
            cell: ({ id }) => (isByKey ? keyName(props, id) : <ProjectLink {...props} id={id} />),
          },
          ...COLUMNS.map((outcome) => ({
            head: outcomeWord(outcome),
            number: true,
            cell: ({ byOutcome }: StatsData["shares"][number]) =>
              quantityWord(byOutcome.get(outcome) ?? 0, request.category),
          })),
          {
            head: "All",
            number: true,
            cell: ({ total }) => quantityWord(total, request.category),
          },
        ]}
      />
    </Card>
  )
}

function keyName({ keys }: StatsPageProps, id: string) {
  if (id === "0") return "without a key"
  return <bdi>{keys.find((key) => key.id === id)?.label ?? "a key that was deleted"}</bdi>
}

function ProjectLink({ org, request, projects, id }: StatsPageProps & { id: string }) {
  const project = projects.find((each) => each.id === id)
  return <a href={statsHref(org, request, { projectId: id })}>{project?.slug ?? id}</a>
}
