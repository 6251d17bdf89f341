import { SORTS } from "#issues/stream/stream.ts"
import { Button, ButtonGroup } from "../../components/button.tsx"
import { Icon } from "../../components/icon.tsx"
import { Menu, MenuButton, MenuLine, MenuLink } from "../../components/menu.tsx"
import { ArchiveChoices, NoDefaultButton } from "../archive-choices.tsx"
import { bulkUrl } from "../bulk-request.ts"
import type { StreamData } from "./data.ts"
import { type StreamRequest, streamUrl } from "./request.ts"

type BulkBarProps = {
  org: string
  request: StreamRequest
  data: StreamData
  /** As shown: `1,204` or `10k+`. */
  hits: string
  zone: string
}

/** Acts on ticked rows. An action with details carries them behind a question mark: `archive_for?minutes=60`. */
export function BulkBar({ org, request, data, hits, zone }: BulkBarProps) {
  const isResolved = /\bis:resolved\b/.test(request.query)
  const isArchived = /\bis:archived\b/.test(request.query)
  return (
    <header class="bulk">
      <NoDefaultButton />
      <label class="bulk-all needs-script">
        <input type="checkbox" data-tick-all aria-label="Select all on this page" />
      </label>
      <ButtonGroup label="Act on the selected issues">
        {isResolved || isArchived ? (
          <Button size="small" variant="primary" name="action" value="unresolve" shortcut="r">
            Unresolve
          </Button>
        ) : (
          <>
            <Button size="small" variant="primary" name="action" value="resolve" shortcut="r">
              Resolve
            </Button>
            <Menu
              size="small"
              variant="primary"
              summary={<Icon name="chevron-down" />}
              label="More ways to resolve"
            >
              <MenuButton name="action" value="resolve_in_next_release">
                In the next release
              </MenuButton>
            </Menu>
          </>
        )}
        {!isArchived && <ArchiveMenu zone={zone} />}
        <AssignMenu assignables={data.assignables} />
        <PriorityMenu />
        <Button size="small" name="action" value="merge">
          Merge
        </Button>
      </ButtonGroup>
      <span class="bulk-count" data-tick-count aria-live="polite"></span>
      {request.query !== "" && (
        <a class="bulk-matching" href={bulkUrl(org, request)}>
          {hits === "1" ? "The only match…" : `All ${hits} matching…`}
        </a>
      )}
      <span class="grow"></span>
      <button class="button needs-script" data-size="small" type="button" data-pill hidden></button>
      <SortMenu org={org} request={request} />
    </header>
  )
}

function ArchiveMenu({ zone }: { zone: string }) {
  return (
    <Menu size="small" summary="Archive" shortcut="a">
      <ArchiveChoices zone={zone} />
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
