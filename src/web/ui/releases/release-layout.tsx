import type { Child } from "hono/jsx"
import type { Release } from "#releases/catalog-store.ts"
import type { Neighbours } from "#releases/history-store.ts"
import { parseRelease, shortVersion } from "#releases/version.ts"
import { urls } from "#urls.ts"
import { Badge } from "../components/badge.tsx"
import { Button, ButtonGroup, ButtonLink } from "../components/button.tsx"
import { ForeignText, plainText } from "../components/foreign-text.tsx"
import { Tabs } from "../components/tabs.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"
import { versionText } from "./version-name.tsx"

export type ReleaseFrame = {
  shell: Shell
  org: string
  release: Release
  /** Versions of the releases right before and after it. */
  neighbours: Neighbours
}

type Tab = "overview" | "commits" | "files" | "compare"

const TITLES: Record<Tab, string> = {
  overview: "Overview",
  commits: "Commits",
  files: "Files changed",
  compare: "Compare",
}

const MAX_CHARACTERS = 200

/** Head and tabs of every page about one release. */
export function ReleaseLayout(props: ReleaseFrame & { tab: Tab; children: Child }) {
  const { shell, org, release, neighbours, tab } = props
  const { version } = release
  const parsed = parseRelease(version)
  const tabs: [Tab, string, string][] = [
    ["overview", TITLES.overview, urls.release(org, version)],
    [
      "commits",
      `${TITLES.commits} (${release.commitCount.toLocaleString("en")})`,
      urls.releaseCommits(org, version),
    ],
    ["files", TITLES.files, urls.releaseFiles(org, version)],
    ["compare", TITLES.compare, urls.compareReleases(org, version)],
  ]
  const name = `Release ${versionText(version)}`
  const title = tab === "overview" ? name : `${TITLES[tab]} · ${name}`
  return (
    <Layout {...shell} title={title} section="releases">
      <header class="page-head">
        <h1 class="anywhere" title={plainText(version)}>
          <span {...(parsed.buildHash && { class: "mono" })}>
            <ForeignText text={shortVersion(version)} max={MAX_CHARACTERS} />
          </span>{" "}
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
            {...(neighbours.before && { label: `Before: ${versionText(neighbours.before)}` })}
          >
            Before
          </ButtonLink>
          <ButtonLink
            size="small"
            icon="chevron-right"
            href={neighbours.after && urls.release(org, neighbours.after)}
            {...(neighbours.after && { label: `After: ${versionText(neighbours.after)}` })}
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
