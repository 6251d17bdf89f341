import type { Child } from "hono/jsx"
import type { Release } from "#releases/catalog-store.ts"
import { parseRelease, shortVersion } from "#releases/version.ts"
import { urls } from "#urls.ts"
import { Badge } from "../components/badge.tsx"
import { Button, ButtonGroup, ButtonLink } from "../components/button.tsx"
import { ForeignText } from "../components/foreign-text.tsx"
import { Tabs } from "../components/tabs.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"

export type ReleaseFrame = {
  shell: Shell
  org: string
  release: Release
  /** Versions of the releases that came right before and after it. */
  neighbours: { before: string | null; after: string | null }
}

type Tab = "overview" | "commits" | "files"

const MAX_CHARACTERS = 200

/** Head and tabs of every page about one release. */
export function ReleaseLayout(props: ReleaseFrame & { tab: Tab; children: Child }) {
  const { shell, org, release, neighbours, tab } = props
  const { version } = release
  const parsed = parseRelease(version)
  const tabs: [Tab, string, string][] = [
    ["overview", "Overview", urls.release(org, version)],
    ["commits", `Commits (${release.commitCount})`, urls.releaseCommits(org, version)],
    ["files", "Files changed", urls.releaseFiles(org, version)],
  ]
  return (
    <Layout {...shell} title={`Release ${shortVersion(version)}`} section="releases">
      <header class="page-head">
        <h1 class="anywhere" title={version}>
          <ForeignText text={shortVersion(version)} max={MAX_CHARACTERS} />{" "}
          {parsed.package && (
            <small class="muted">
              <ForeignText text={parsed.package} max={MAX_CHARACTERS} />
            </small>
          )}
        </h1>
        {release.status === "archived" && <Badge icon="archive">Archived</Badge>}
        <code id="whole-version" class="visually-hidden">
          {version}
        </code>
        <Button size="small" variant="quiet" icon="copy" copies="#whole-version">
          Copy
        </Button>
        <ButtonGroup label="Other releases">
          <ButtonLink
            size="small"
            icon="chevron-left"
            href={neighbours.before && urls.release(org, neighbours.before)}
          >
            Before
          </ButtonLink>
          <ButtonLink
            size="small"
            icon="chevron-right"
            href={neighbours.after && urls.release(org, neighbours.after)}
          >
            After
          </ButtonLink>
        </ButtonGroup>
      </header>
      <Tabs
        label="Release"
        tabs={tabs.map(([name, label, href]) => ({ label, href, current: name === tab }))}
      />
      <div class="stack release-body">{props.children}</div>
    </Layout>
  )
}
