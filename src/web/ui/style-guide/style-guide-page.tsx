import type { Child } from "hono/jsx"
import { Avatar } from "../components/avatar.tsx"
import { Badge, LevelMark, StateChip } from "../components/badge.tsx"
import { Button, ButtonGroup, ButtonLink } from "../components/button.tsx"
import { Card } from "../components/card.tsx"
import { BarChart } from "../components/charts/bar-chart.tsx"
import { DistributionBars } from "../components/charts/distribution-bars.tsx"
import { Sparkline, seriesSentence } from "../components/charts/sparkline.tsx"
import { JsonTree } from "../components/data/json-tree.tsx"
import { Pager } from "../components/data/pager.tsx"
import { Table } from "../components/data/table.tsx"
import { Dialog } from "../components/dialog.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { Banner } from "../components/feedback/notice.tsx"
import { Progress } from "../components/feedback/progress.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { CopyField } from "../components/forms/copy-field.tsx"
import { Checkbox, Field, Radios, Select, Textarea } from "../components/forms/field.tsx"
import { Form } from "../components/forms/form.tsx"
import { Icon } from "../components/icon.tsx"
import { ICON_NAMES } from "../components/icon-names.ts"
import { Menu, MenuButton, MenuLabel, MenuLine, MenuLink } from "../components/menu.tsx"
import { Tabs } from "../components/tabs.tsx"
import { TimeAgo } from "../components/time-ago.tsx"
import { CodeBlock } from "../components/trace/code-block.tsx"
import { highlightBudget } from "../components/trace/highlight.ts"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"

const LEVELS = ["fatal", "error", "warning", "info", "debug"] as const
const COUNTS = [0, 3, 8, 1, 0, 0, 13, 90, 40, 22, 0, 5, 7, 9]
const DAY = 86_400_000

/** Every component in every state, for screenshots, axe and whoever builds a page. */
export function StyleGuidePage({ shell }: { shell: Shell }) {
  return (
    <Layout {...shell} title="Style guide" section="manage">
      <div class="page-head">
        <h1>Style guide</h1>
      </div>
      <div class="style-guide">
        <Words shell={shell} />
        <Buttons />
        <Menus />
        <Forms csrf={shell.csrf} />
        <Notices />
        <Data shell={shell} />
        <Charts shell={shell} />
        <Source />
        <Icons />
      </div>
    </Layout>
  )
}

function Words({ shell }: { shell: Shell }) {
  return (
    <Card title="Words, levels and states">
      <Row>
        {LEVELS.map((level) => (
          <LevelMark level={level} />
        ))}
      </Row>
      <Row>
        {(["new", "regressed", "escalating"] as const).map((substatus) => (
          <StateChip status="unresolved" substatus={substatus} />
        ))}
        <StateChip status="archived" substatus={null} />
        <StateChip status="resolved" substatus={null} />
        <Badge>plain</Badge>
        <Badge tone="info">app</Badge>
      </Row>
      <Row>
        {["Ada Lovelace", "Bob", "Chan Li", "d@e.test", "Eve X", "Zoe Q"].map((name) => (
          <Avatar name={name} />
        ))}
        <Avatar name="#core" shape="team" />
        <TimeAgo
          at={new Date(shell.now.getTime() - 4 * 60_000)}
          now={shell.now}
          zone={shell.zone}
        />
        <TimeAgo at={new Date(shell.now.getTime() - 40 * DAY)} now={shell.now} zone={shell.zone} />
        <kbd>j</kbd>
        <code>
          <ForeignText text={"evil\u202Etxt\u0000"} />
        </code>
      </Row>
    </Card>
  )
}

function Buttons() {
  return (
    <Card title="Buttons">
      <Row>
        <Button variant="primary">Primary</Button>
        <Button>Default</Button>
        <Button variant="quiet">Quiet</Button>
        <Button variant="danger" icon="trash-2">
          Danger
        </Button>
        <Button disabled>Disabled</Button>
        <Button size="small">Small</Button>
        <ButtonLink href="#top" icon="external-link">
          Link
        </ButtonLink>
        <ButtonLink href={null}>No way</ButtonLink>
      </Row>
      <Row>
        <ButtonGroup label="Example group">
          <Button variant="primary">Resolve</Button>
          <Button>Archive</Button>
          <Button>Assign</Button>
        </ButtonGroup>
        <Button opens="guide-dialog">Open a dialog</Button>
      </Row>
      <Dialog id="guide-dialog" title="A dialog">
        <form method="dialog">
          <Button>Close</Button>
        </form>
      </Dialog>
    </Card>
  )
}

function Menus() {
  return (
    <Card title="Menus and tabs">
      <Row>
        <Menu
          summary={
            <>
              Menu
              <Icon name="chevron-down" />
            </>
          }
        >
          <MenuLabel>Label</MenuLabel>
          <MenuLink href="#top" current>
            Current
          </MenuLink>
          <MenuLink href="#top">Link</MenuLink>
          <MenuLine />
          <MenuButton name="action" value="delete" variant="danger">
            Delete
          </MenuButton>
        </Menu>
      </Row>
      <Tabs
        label="Example tabs"
        tabs={[
          { label: "Details", href: "#top", current: true },
          { label: "Activity", href: "#top", count: 3 },
          { label: "Events", href: "#top" },
        ]}
      />
    </Card>
  )
}

function Forms({ csrf }: { csrf: string }) {
  const errors = { email: "Give an address such as ada@example.com." }
  const options = [
    { value: "a", label: "One" },
    { value: "b", label: "Two" },
  ]
  return (
    <Card title="Forms">
      <Form csrf={csrf} errors={errors} buttons={<Button variant="primary">Save</Button>}>
        <Field name="name" label="Name" value="Ada" help="As others see it." />
        <Field name="email" label="E-mail" type="email" value="ada@" error={errors.email} />
        <Field name="off" label="Disabled" disabled value="fixed" />
        <Textarea name="note" label="Note" placeholder="What was it?" />
        <Select name="choice" label="Choice" options={options} value="b" />
        <Radios name="radio" label="One of" options={options} value="a" />
        <Checkbox name="check" label="Scrub data" checked help="On by default." />
        <CopyField id="guide-dsn" value="https://key@host/1" label="DSN" />
      </Form>
    </Card>
  )
}

function Notices() {
  return (
    <Card title="Notices">
      {(["info", "success", "warning", "error"] as const).map((tone) => (
        <Banner tone={tone}>{`This is ${tone}.`}</Banner>
      ))}
      <Progress label="Regrouping" value={3} max={7} />
      <EmptyState title="Nothing here" action={<Button>Do something</Button>}>
        <p>What this will show, and why it is empty.</p>
      </EmptyState>
    </Card>
  )
}

function Data({ shell }: { shell: Shell }) {
  const rows = [
    { name: "backend", events: 1302, at: shell.now },
    { name: "a-rather-long-name-of-a-project", events: 7, at: shell.now },
  ]
  return (
    <Card title="Data">
      <Table
        caption="Projects"
        columns={[
          { head: "Project", cell: (row) => row.name, rowHead: true },
          { head: "Events", cell: (row) => row.events.toLocaleString("en"), number: true },
          {
            head: "Seen",
            cell: (row) => <TimeAgo at={row.at} now={shell.now} zone={shell.zone} />,
          },
        ]}
        rows={rows}
      />
      <Pager label="Example pages" summary="2 projects" previous={null} next="#top" />
      <JsonTree value={{ user: { id: 7, tags: ["a", null, true] }, password: "[Filtered]" }} />
    </Card>
  )
}

function Charts({ shell }: { shell: Shell }) {
  const buckets = COUNTS.map((events, index) => ({
    from: new Date(shell.now.getTime() - (COUNTS.length - index) * DAY),
    events,
  }))
  const shares = [
    { label: "production", count: 80, href: "#top" },
    { label: "staging", count: 15, href: null },
    { label: "(not set)", count: 5, href: null, isRest: true },
  ]
  return (
    <Card title="Charts">
      <Sparkline counts={COUNTS} label={seriesSentence(COUNTS, "14d")} />
      <BarChart buckets={buckets} zone={shell.zone} period="14 days" />
      <DistributionBars shares={shares} total={100} />
    </Card>
  )
}

const PYTHON = [
  "def render_total(self, invoice, *, currency='EUR'):",
  '    """Render the grand total.',
  '    Over two lines."""',
  "    total = sum(line.amount / line.quantity for line in lines)  # may divide by zero",
  "    return format_money(total * 1.5, currency)",
]

function Source() {
  return (
    <Card title="Source" flush>
      <CodeBlock
        lines={PYTHON}
        start={117}
        hit={120}
        language="python"
        budget={highlightBudget()}
      />
    </Card>
  )
}

function Icons() {
  return (
    <Card title="Icons">
      <Row>
        {ICON_NAMES.map((name) => (
          <Icon name={name} label={name} />
        ))}
      </Row>
    </Card>
  )
}

function Row({ children }: { children: Child }) {
  return <div class="row">{children}</div>
}
