import type { Child } from "hono/jsx"
import type { IssueDetail } from "#issues/detail-store.ts"
import { levelName, statusName } from "#issues/issue.ts"
import { formatShortId } from "#issues/short-id.ts"
import { urls } from "#urls.ts"
import { Badge, type Level, LevelMark, StateChip } from "../../components/badge.tsx"
import { Banner } from "../../components/feedback/notice.tsx"
import { ForeignText, plainText } from "../../components/foreign-text.tsx"
import { Tabs } from "../../components/tabs.tsx"
import { Layout } from "../../layout.tsx"
import type { Shell } from "../../shell.ts"
import { ActionBar } from "./action-bar.tsx"
import type { IssueFrame } from "./load.ts"
import { stateSentence } from "./state-sentence.ts"

export type IssueTab = "details" | "activity" | "events" | "tags"

type IssueShellProps = {
  shell: Shell
  org: string
  frame: IssueFrame
  tab: IssueTab
  /** Stands at the right of the buttons: event navigation. */
  aside?: Child
  children: Child
}

/** Head, buttons and tabs around every page of one issue. */
export function IssueShell({ shell, org, frame, tab, aside, children }: IssueShellProps) {
  const { issue } = frame
  return (
    <Layout {...shell} title={plainText(issue.title, 100)} section="issues">
      {frame.wasMerged && <Banner>The issue you asked for was merged into this one.</Banner>}
      <IssueHead issue={issue} org={org} now={shell.now} zone={shell.zone} />
      <div class="issue-bar">
        <ActionBar
          issue={issue}
          action={urls.issue(org, issue.id)}
          csrf={shell.csrf}
          viewerId={shell.viewer.user.id}
          viewerState={frame.viewerState}
          assignables={frame.assignables}
        />
        {aside}
      </div>
      <IssueTabs org={org} issue={issue} tab={tab} />
      {children}
    </Layout>
  )
}

function IssueHead(props: { issue: IssueDetail; org: string; now: Date; zone: string }) {
  const { issue, org, now, zone } = props
  const { type, value } = headline(issue)
  return (
    <header class="issue-head">
      <p class="row">
        <LevelMark level={levelName(issue.level) as Level} />
        <span class="mono" id="short-id">
          {formatShortId(issue.projectSlug, issue.shortId)}
        </span>
        <StateChip status={stateOf(issue.status)} substatus={issue.substatus} />
        {issue.isUnhandled && <Badge tone="error">Unhandled</Badge>}
        <span class="muted">{stateSentence(issue, now, zone)}</span>
      </p>
      <h1>
        <ForeignText text={type} max={300} />
        {value && (
          <span class="issue-value">
            {" "}
            <ForeignText text={value} max={500} />
          </span>
        )}
      </h1>
      <p class="issue-culprit muted">
        {issue.culprit && (
          <span class="mono">
            <ForeignText text={issue.culprit} max={300} />
          </span>
        )}
        <a href={`${urls.issues(org)}?project=${issue.projectId}`}>{issue.projectName}</a>
      </p>
    </header>
  )
}

/** "TypeError" and "x is undefined"; titles of messages stand alone. */
function headline(issue: IssueDetail): { type: string; value: string } {
  const { type, value } = issue.metadata
  if (typeof type === "string" && type !== "") {
    return { type, value: typeof value === "string" ? value : "" }
  }
  return { type: issue.title || "(no message)", value: "" }
}

function stateOf(status: number): "unresolved" | "resolved" | "archived" {
  const name = statusName(status)
  return name === "resolved" || name === "archived" ? name : "unresolved"
}

function IssueTabs({ org, issue, tab }: { org: string; issue: IssueDetail; tab: IssueTab }) {
  return (
    <Tabs
      label="Issue"
      tabs={[
        { label: "Details", href: urls.issue(org, issue.id), current: tab === "details" },
        {
          label: "Activity",
          href: urls.issueActivity(org, issue.id),
          current: tab === "activity",
          ...(issue.commentCount > 0 && { count: issue.commentCount }),
        },
        { label: "Events", href: urls.issueEvents(org, issue.id), current: tab === "events" },
        { label: "Tags", href: urls.issueTags(org, issue.id), current: tab === "tags" },
      ]}
    />
  )
}
