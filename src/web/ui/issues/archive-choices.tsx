import { Button } from "../components/button.tsx"
import { MenuButton, MenuLabel, MenuLine } from "../components/menu.tsx"

/** Minutes and how a button says them. */
const WHILES = [
  [60, "1 hour"],
  [240, "4 hours"],
  [1440, "1 day"],
  [10_080, "1 week"],
] as const

/** The ways to archive, as buttons and fields of the form around them; each row of fields has a button of its own. */
export function ArchiveChoices({ zone }: { zone: string }) {
  return (
    <>
      <MenuButton name="action" value="archive_until_escalating">
        Until it escalates
      </MenuButton>
      <MenuButton name="action" value="archive_forever">
        For good
      </MenuButton>
      <MenuLine />
      <MenuLabel>For a while</MenuLabel>
      {WHILES.map(([minutes, words]) => (
        <MenuButton name="action" value={`archive_for?minutes=${minutes}`}>
          {words}
        </MenuButton>
      ))}
      <MenuLabel>Until it happens again</MenuLabel>
      <MenuButton name="action" value="archive_until_events?count=100&window_minutes=">
        100 more times
      </MenuButton>
      <MenuButton name="action" value="archive_until_users?users=10&user_window_minutes=">
        to 10 more users
      </MenuButton>
      <MenuLine />
      <details class="archive-more">
        <summary class="menu-item">Another time or number…</summary>
        <ArchiveFields zone={zone} />
      </details>
    </>
  )
}

function ArchiveFields({ zone }: { zone: string }) {
  return (
    <div class="archive-conditions">
      <label class="archive-field">
        {`Until (${zone})`}
        <input class="input" type="datetime-local" name="until" />
      </label>
      <ArchiveButton action="archive_until" label="Archive until then" />
      <label class="archive-field">
        More events
        <input class="input" type="number" name="count" min={1} max={1_000_000} value="100" />
      </label>
      <WindowSelect name="window_minutes" />
      <ArchiveButton action="archive_until_events" label="Archive until so many more events" />
      <label class="archive-field">
        More users
        <input class="input" type="number" name="users" min={1} max={1_000_000} value="10" />
      </label>
      <WindowSelect name="user_window_minutes" />
      <ArchiveButton action="archive_until_users" label="Archive until so many more users" />
    </div>
  )
}

function ArchiveButton({ action, label }: { action: string; label: string }) {
  return (
    <Button name="action" value={action} size="small" label={label}>
      Archive
    </Button>
  )
}

function WindowSelect({ name }: { name: string }) {
  return (
    <label class="archive-field">
      within
      <select class="input" name={name}>
        <option value="">ever</option>
        <option value="60">an hour</option>
        <option value="1440">a day</option>
        <option value="10080">a week</option>
      </select>
    </label>
  )
}

/** First of a form with fields: Enter in one of them would press the form's first button, whatever that does. */
export function NoDefaultButton() {
  return <button type="submit" disabled hidden />
}
