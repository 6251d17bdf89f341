import type { Child } from "hono/jsx"
import type { IssueDetail } from "#issues/detail-store.ts"
import { levelName, statusName } from "#issues/issue.ts"
import { formatShortId } from "#issues/short-id.ts"
import { urls } from "#urls.ts"
import { Badge, type Level, LevelMark, StateChip } from "../../components/badge.tsx"
import { Button } from "../../components/button.tsx"
import { Banner } from "../../components/feedback/notice.tsx"
import { ForeignText, plainText } from "../../components/foreign-text.tsx"
import { Tabs } from "../../components/tabs.tsx"
import { Layout } from "../../layout.tsx"
import type { Shell } from "../../shell.ts"
import { ActionBar } from "./actions/bar.tsx"
import { impactSentence } from "./impact.ts"
import type { IssueFrame } from "./load.ts"
import { stateSentence } from "./state-sentence.ts"

const TABS = {
  details: "Details",
  activity: "Activity",
  events: "Events",
  tags: "Tags",
  attachments: "Attachments",
  feedback: "Feedback",
  merged: "Fingerprints",
  similar: "Similar",
}
type IssueTab = keyof typeof TABS

type IssueShellProps = {
  shell: Shell
  org: string
  frame: IssueFrame
  tab: IssueTab
  /** Of a page below the tab. */
  title?: string
  /** Stands at the right of the buttons: event navigation. */
  aside?: Child
  children: Child
}

/** Head, buttons and tabs around every page of one issue. */
export function IssueShell(props: IssueShellProps) {
  const { shell, org, frame, tab, aside, children } = props
  const { issue } = frame
  const page = props.title ?? (tab === "details" ? null : TABS[tab])
  const title = [page, plainText(issue.title, 100)].filter(Boolean).join(" · ")
  return (
    <Layout {...shell} title={title} section="issues">
      {frame.wasMerged && <Banner>The issue you asked for was merged into this one.</Banner>}
      <IssueHead frame={frame} org={org} now={shell.now} zone={shell.zone} />
      <div class="issue-bar">
        <BarTitle issue={issue} />
        <ActionBar
          issue={issue}
          action={urls.issue(org, issue.id)}
          csrf={shell.csrf}
          viewerId={shell.viewer.user.id}
          viewerState={frame.viewerState}
          assignables={frame.assignables}
          releases={frame.releases}
          zone={shell.zone}
          deleteHref={urls.deleteIssue(org, issue.id)}
        />
        {aside}
      </div>
      <IssueTabs org={org} issue={issue} tab={tab} feedbackCount={frame.feedbackCount} />
      {children}
    </Layout>
  )
}

/** The head in one line, once the page is scrolled: browsers that can tell show it, the others show the buttons alone. */
function BarTitle({ issue }: { issue: IssueDetail }) {
  return (
    <p class="issue-bar-title" aria-hidden="true">
      <span class="mono">{formatShortId(issue.projectSlug, issue.shortId)}</span>{" "}
      <b>{plainText(issue.title, 150)}</b>
    </p>
  )
}

type HeadProps = { frame: IssueFrame; org: string; now: Date; zone: string }

function IssueHead({ frame, org, now, zone }: HeadProps) {
  const { issue } = frame
  const eventsLastDay = frame.eventsLastDay ?? null
  return (
    <header class="issue-head">
      <HeadLine frame={frame} now={now} zone={zone} />
      <Headline issue={issue} />
      <p class="issue-culprit muted">
        {issue.culprit && (
          <span class="mono">
            <ForeignText text={issue.culprit} max={300} />
          </span>
        )}
        <a href={`${urls.issues(org)}?project=${issue.projectId}`}>{issue.projectName}</a>
        <span>
          <ForeignText text={impactSentence(issue, { eventsLastDay, now, zone })} max={500} />
        </span>
      </p>
    </header>
  )
}

function HeadLine({ frame, now, zone }: Omit<HeadProps, "org">) {
  const { issue } = frame
  return (
    <p class="row">
      <LevelMark level={levelName(issue.level) as Level} />
      <span class="mono" id="short-id">
        {formatShortId(issue.projectSlug, issue.shortId)}
      </span>
      <Button
        copies="#short-id"
        size="small"
        variant="quiet"
        icon="copy"
        label="Copy the short id"
      />
      <StateChip
        status={stateOf(issue.status)}
        substatus={issue.substatus}
        isReturned={issue.returnedAt !== null}
      />
      {issue.isUnhandled && <Badge tone="error">Unhandled</Badge>}
      <span class="muted">
        <ForeignText text={stateSentence(issue, { now, zone, archive: frame.archive })} max={500} />
      </span>
    </p>
  )
}

/** Three lines of the message; the rest on request. */
const SHORT_HEADLINE = 240

function Headline({ issue }: { issue: IssueDetail }) {
  const { type, value } = headline(issue)
  return (
    <>
      <h1>
        <ForeignText text={type} max={160} />
        {value && (
          <span class="issue-value">
            {" "}
            <ForeignText text={value} max={SHORT_HEADLINE} />
          </span>
        )}
      </h1>
      {(value.length > SHORT_HEADLINE || type.length > 160) && (
        <details class="more">
          <summary>more</summary>
          <p class="clamp anywhere">
            <ForeignText text={[type, value].filter(Boolean).join(": ")} max={2_000} />
          </p>
        </details>
      )}
    </>
  )
}

/** "TypeError" or what a rule calls it, and "x is undefined"; titles of messages stand alone. */
function headline(issue: IssueDetail): { type: string; value: string } {
  const { type, value, title } = issue.metadata
  if (typeof type === "string" && type !== "") {
    const name = title === issue.title ? title : type
    return { type: name, value: typeof value === "string" ? value : "" }
  }
  return { type: issue.title || "(no message)", value: "" }
}

function stateOf(status: number): "unresolved" | "resolved" | "archived" {
  const name = statusName(status)
  return name === "resolved" || name === "archived" ? name : "unresolved"
}

type TabsProps = { org: string; issue: IssueDetail; tab: IssueTab; feedbackCount: number }

function IssueTabs({ org, issue, tab, feedbackCount }: TabsProps) {
  const feedback = {
    label: TABS.feedback,
    href: urls.issueFeedback(org, issue.id),
    current: tab === "feedback",
    count: feedbackCount,
  }
  return (
    <Tabs
      label="Issue"
      tabs={[
        { label: TABS.details, href: urls.issue(org, issue.id), current: tab === "details" },
        {
          label: TABS.activity,
          href: urls.issueActivity(org, issue.id),
          current: tab === "activity",
          ...(issue.commentCount > 0 && { count: issue.commentCount }),
        },
        { label: TABS.events, href: urls.issueEvents(org, issue.id), current: tab === "events" },
        { label: TABS.tags, href: urls.issueTags(org, issue.id), current: tab === "tags" },
        {
          label: TABS.attachments,
          href: urls.issueAttachments(org, issue.id),
          current: tab === "attachments",
        },
        ...(feedbackCount > 0 || feedback.current ? [feedback] : []),
        {
          label: TABS.merged,
          href: urls.mergedHashes(org, issue.id),
          current: tab === "merged",
        },
        {
          label: TABS.similar,
          href: urls.similarIssues(org, issue.id),
          current: tab === "similar",
        },
      ]}
    />
  )
}
