import type { Child } from "hono/jsx"
import { PLATFORMS, platformOf } from "#projects/platforms.ts"
import { urls } from "#urls.ts"
import { Button, ButtonLink } from "../components/button.tsx"
import { EmptyState } from "../components/feedback/empty-state.tsx"
import { Options } from "../components/forms/field.tsx"
import { GuideSteps } from "../guides/guide-steps.tsx"
import { Layout } from "../layout.tsx"
import type { Shell } from "../shell.ts"

type GettingStartedPageProps = {
  shell: Shell
  organization: { slug: string }
  project: { slug: string; name: string }
  /** Whose guide is shown; the project's own unless another was chosen. */
  platform: string
  /** null: every key is switched off. */
  dsn: string | null
  status: Child
}

export function GettingStartedPage(props: GettingStartedPageProps) {
  const { shell, organization, project, platform, dsn } = props
  return (
    <Layout {...shell} title={`Connect ${project.name}`} section="projects">
      <header class="page-head">
        <h1>
          Connect <bdi>{project.name}</bdi> with {platformOf(platform).label}
        </h1>
        <form class="search-form" action={urls.gettingStarted(organization.slug, project.slug)}>
          <select class="input" name="platform" aria-label="Platform">
            <Options
              options={PLATFORMS.map(({ id, label }) => ({ value: id, label }))}
              selected={platform}
            />
          </select>
          <Button>Show</Button>
        </form>
      </header>
      <div class="stack">
        {props.status}
        {dsn ? (
          <GuideSteps platform={platform} dsn={dsn} />
        ) : (
          <EmptyState
            title="Every key is switched off"
            action={
              <ButtonLink href={urls.projectKeys(organization.slug, project.slug)}>Keys</ButtonLink>
            }
          >
            A program sends with a key of the project. Create one, or switch one on.
          </EmptyState>
        )}
      </div>
    </Layout>
  )
}
