import { SORTS } from "#issues/stream.ts"
import { Button, ButtonGroup } from "../components/button.tsx"
import { Icon } from "../components/icon.tsx"
import { Menu, MenuButton, MenuLabel, MenuLine, MenuLink } from "../components/menu.tsx"
import { bulkUrl } from "./bulk-request.ts"
import type { StreamData } from "./stream-data.ts"
import { type StreamRequest, streamUrl } from "./stream-request.ts"

type BulkBarProps = {
  org: string
  request: StreamRequest
  data: StreamData
  /** As shown: `1,204` or `10k+`. */
  hits: string
}

/** Acts on ticked rows. An action with details carries them behind a question mark: `archive_for?minutes=60`. */
export function BulkBar({ org, request, data, hits }: BulkBarProps) {
  const isResolved = /\bis:resolved\b/.test(request.query)
  const isArchived = /\bis:archived\b/.test(request.query)
  return (
    <header class="bulk">
      <label class="bulk-all needs-script">
        <input type="checkbox" data-tick-all aria-label="Select all on this page" />
      </label>
      <ButtonGroup label="Act on the selected issues">
        {isResolved || isArchived ? (
          <Button size="small" variant="primary" name="action" value="unresolve" shortcut="r">
            Unresolve
          </Button>
        ) : (
          <Button size="small" variant="primary" name="action" value="resolve" shortcut="r">
            Resolve
          </Button>
        )}
        {!isArchived && <ArchiveMenu />}
        <AssignMenu assignables={data.assignables} />
        <PriorityMenu />
        <Button size="small" name="action" value="merge">
          Merge
        </Button>
      </ButtonGroup>
      <span class="bulk-count" data-tick-count aria-live="polite"></span>
      {request.query !== "" && (
        <a class="bulk-matching" href={bulkUrl(org, request)}>
          {`All ${hits} matching…`}
        </a>
      )}
      <span class="grow"></span>
      <button class="button needs-script" data-size="small" type="button" data-pill hidden></button>
      <SortMenu org={org} request={request} />
    </header>
  )
}

function ArchiveMenu() {
  return (
    <Menu size="small" summary="Archive" shortcut="a">
      <MenuButton name="action" value="archive_until_escalating">
        Until it escalates
      </MenuButton>
      <MenuLine />
      <MenuLabel>For a while</MenuLabel>
      <MenuButton name="action" value="archive_for?minutes=60">
        1 hour
      </MenuButton>
      <MenuButton name="action" value="archive_for?minutes=1440">
        1 day
      </MenuButton>
      <MenuButton name="action" value="archive_for?minutes=10080">
        1 week
      </MenuButton>
      <MenuLabel>Until it happens again</MenuLabel>
      <MenuButton name="action" value="archive_until_events?count=100">
        100 more times
      </MenuButton>
      <MenuButton name="action" value="archive_until_users?count=10">
        to 10 more users
      </MenuButton>
      <MenuLine />
      <MenuButton name="action" value="archive_forever">
        Forever
      </MenuButton>
    </Menu>
  )
}

function AssignMenu({ assignables }: { assignables: StreamData["assignables"] }) {
  return (
    <Menu size="small" summary="Assign">
      <button class="menu-item" type="submit" name="action" value="assign?assignee=me" data-key="i">
        Me
      </button>
      {assignables.map(({ kind, id, name }) => (
        <MenuButton name="action" value={`assign?assignee=${kind}:${id}`}>
          <span class="truncate">{name}</span>
        </MenuButton>
      ))}
      <MenuLine />
      <MenuButton name="action" value="assign?assignee=">
        Nobody
      </MenuButton>
    </Menu>
  )
}

function PriorityMenu() {
  return (
    <Menu size="small" summary="Priority" shortcut="p">
      {(["high", "medium", "low"] as const).map((priority) => (
        <MenuButton name="action" value={`priority?priority=${priority}`}>
          {priority}
        </MenuButton>
      ))}
      <MenuLine />
      <MenuButton name="action" value="review">
        Mark as reviewed
      </MenuButton>
    </Menu>
  )
}

const SORT_WORDS = {
  date: "Last seen",
  new: "First seen",
  freq: "Events",
  user: "Users",
  priority: "Priority",
} as const

function SortMenu({ org, request }: { org: string; request: StreamRequest }) {
  return (
    <Menu
      size="small"
      align="end"
      label={`Sort: ${SORT_WORDS[request.sort]}`}
      summary={
        <>
          {SORT_WORDS[request.sort]}
          <Icon name="chevron-down" />
        </>
      }
    >
      {SORTS.map((sort) => (
        <MenuLink href={streamUrl(org, request, { sort })} current={sort === request.sort}>
          {SORT_WORDS[sort]}
        </MenuLink>
      ))}
    </Menu>
  )
}
