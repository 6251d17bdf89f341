import type { Assignable, IssueDetail } from "#issues/detail-store.ts"
import { PRIORITY, priorityName, STATUS } from "#issues/issue.ts"
import { inboxReasonOf } from "#issues/status/inbox.ts"
import type { NamedRelease } from "#releases/order-store.ts"
import { Avatar } from "../../../components/avatar.tsx"
import { Button, ButtonGroup } from "../../../components/button.tsx"
import { Csrf } from "../../../components/forms/form.tsx"
import { Icon } from "../../../components/icon.tsx"
import { Menu, MenuButton, MenuLabel, MenuLine, MenuLink } from "../../../components/menu.tsx"
import { ArchiveChoices, NoDefaultButton } from "../../archive-choices.tsx"
import { ResolveMenu } from "./resolve-menu.tsx"

type Props = {
  issue: IssueDetail
  action: string
  csrf: string
  viewerId: string
  viewerState: { isBookmarked: boolean; isSubscribed: boolean | null }
  assignables: readonly Assignable[]
  /** The project's, newest first. */
  releases: readonly NamedRelease[]
  zone: string
  deleteHref: string
}

/** Everything that can be done to the issue: plain forms, each button says what it does. */
export function ActionBar(props: Props) {
  return (
    <div class="issue-actions">
      <div class="issue-main-actions">
        <form method="post" action={props.action}>
          <Csrf token={props.csrf} />
          <NoDefaultButton />
          <StatusButtons {...props} />
        </form>
        <AssignMenu {...props} />
      </div>
      <div class="issue-more-actions">
        <PriorityMenu {...props} />
        <form method="post" action={props.action}>
          <Csrf token={props.csrf} />
          <ButtonGroup label="Follow and review">
            <WatchButtons {...props.viewerState} />
            <ReviewButton issue={props.issue} />
          </ButtonGroup>
        </form>
        <Menu summary={<Icon name="ellipsis" />} label="More actions" align="end">
          <MenuLink href={props.deleteHref}>Delete…</MenuLink>
        </Menu>
      </div>
    </div>
  )
}

function StatusButtons({ issue, zone, releases }: Pick<Props, "issue" | "zone" | "releases">) {
  const { status } = issue
  if (status !== STATUS.unresolved) {
    return (
      <Button name="action" value="unresolve" shortcut="r" icon="rotate-ccw">
        {status === STATUS.resolved ? "Unresolve" : "Unarchive"}
      </Button>
    )
  }
  return (
    <span class="issue-status">
      <ButtonGroup label="Resolve">
        <Button name="action" value="resolve" variant="primary" shortcut="r">
          Resolve
        </Button>
        <ResolveMenu releases={releases} />
      </ButtonGroup>
      <ButtonGroup label="Archive">
        <Button name="action" value="archive_until_escalating" shortcut="a">
          Archive
        </Button>
        <Menu
          summary={<Icon name="chevron-down" />}
          label="More ways to archive"
          shortcut="A"
          align="end"
        >
          <ArchiveChoices zone={zone} />
        </Menu>
      </ButtonGroup>
    </span>
  )
}

/** More than these are searched rather than looked through. */
const SEARCHED_FROM = 10

function AssignMenu({ issue, action, csrf, viewerId, assignables }: Props) {
  const current = issue.assigneeName
  return (
    <form method="post" action={action}>
      <Csrf token={csrf} />
      <input type="hidden" name="action" value="assign" />
      <Menu
        summary={
          current ? (
            <>
              <Avatar name={current} shape={issue.assigneeTeamId ? "team" : "person"} />
              <bdi class="assignee-name">{current}</bdi>
            </>
          ) : (
            "Assign"
          )
        }
        shortcut="I"
      >
        {issue.assigneeUserId !== viewerId && (
          <MenuButton name="assignee" value="me">
            Assign to me
          </MenuButton>
        )}
        {current && (
          <MenuButton name="assignee" value="">
            Nobody
          </MenuButton>
        )}
        <MenuLine />
        <MenuLabel>People and teams</MenuLabel>
        {assignables.length > SEARCHED_FROM && (
          <input
            class="input needs-script"
            type="search"
            placeholder="Find…"
            aria-label="Find people and teams"
            autocomplete="off"
            data-filters=".assignables > .menu-item"
          />
        )}
        <div class="menu-scroll assignables">
          {assignables.map((each) => (
            <MenuButton name="assignee" value={`${each.kind}:${each.id}`}>
              <Avatar name={each.name} shape={each.kind === "team" ? "team" : "person"} />
              {each.name}
            </MenuButton>
          ))}
        </div>
      </Menu>
    </form>
  )
}

function PriorityMenu({ issue, action, csrf }: Props) {
  const current = priorityName(issue.priority)
  return (
    <form method="post" action={action}>
      <Csrf token={csrf} />
      <input type="hidden" name="action" value="priority" />
      <Menu summary={`${capitalized(current)} priority`} shortcut="p">
        {Object.keys(PRIORITY)
          .reverse()
          .map((name) => (
            <MenuButton name="priority" value={name}>
              {name === current && <Icon name="check" />}
              {capitalized(name)}
            </MenuButton>
          ))}
      </Menu>
    </form>
  )
}

/** For what is new, came back or grows: "I looked at it". */
function ReviewButton({ issue }: { issue: IssueDetail }) {
  if (inboxReasonOf(issue) === null) return null
  return <Button name="action" value="review" icon="check" shortcut="v" label="Mark as reviewed" />
}

function WatchButtons(state: { isBookmarked: boolean; isSubscribed: boolean | null }) {
  return (
    <>
      <Button
        name="action"
        value={state.isBookmarked ? "unbookmark" : "bookmark"}
        icon="bookmark"
        shortcut="b"
        {...(state.isBookmarked && { variant: "primary" as const })}
        label={state.isBookmarked ? "Remove the bookmark" : "Bookmark"}
      />
      <Button
        name="action"
        value={state.isSubscribed ? "unsubscribe" : "subscribe"}
        icon="bell"
        {...(state.isSubscribed && { variant: "primary" as const })}
        label={state.isSubscribed ? "No more mail about this issue" : "Mail me what happens here"}
      />
    </>
  )
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
