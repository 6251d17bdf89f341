import type { NamedRelease } from "#releases/order-store.ts"
import { shortVersion } from "#releases/version.ts"
import { Button } from "../../../components/button.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import { Icon } from "../../../components/icon.tsx"
import { Menu, MenuButton, MenuLine } from "../../../components/menu.tsx"

/** Longer ones would make the menu wider than a phone. */
const MAX_VERSION = 40

/** Ways to resolve that depend on releases; `releases` are the project's, newest first. A part of the form around it. */
export function ResolveMenu({ releases }: { releases: readonly NamedRelease[] }) {
  const [latest] = releases
  return (
    <Menu
      summary={<Icon name="chevron-down" />}
      label="More ways to resolve"
      variant="primary"
      shortcut="R"
    >
      <MenuButton name="action" value="resolve_in_next_release">
        In the next release
      </MenuButton>
      {latest && (
        <MenuButton
          name="action"
          value={`resolve_in_version?version=${encodeURIComponent(latest.version)}`}
        >
          <span>
            {"In the current release, "}
            <ForeignText text={shortVersion(latest.version)} max={MAX_VERSION} />
          </span>
        </MenuButton>
      )}
      <MenuLine />
      <div class="resolve-fields">
        <label>
          In a version
          <input
            class="input"
            name="version"
            list="versions"
            maxlength={200}
            autocomplete="off"
            placeholder={latest?.version ?? "app@1.2.3"}
          />
        </label>
        <datalist id="versions">
          {releases.map(({ version }) => (
            <option value={version} />
          ))}
        </datalist>
        <Button name="action" value="resolve_in_version" size="small">
          Resolve
        </Button>
        <label>
          In a commit
          <input
            class="input mono"
            name="commit"
            maxlength={64}
            autocomplete="off"
            placeholder="a1b2c3d"
          />
        </label>
        <Button name="action" value="resolve_in_commit" size="small">
          Resolve
        </Button>
      </div>
    </Menu>
  )
}
