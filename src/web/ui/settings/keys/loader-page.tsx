import type { ProjectKey } from "#projects/keys-store.ts"
import { urls } from "#urls.ts"
import { ButtonLink } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { EmptyState } from "../../components/feedback/empty-state.tsx"
import { CodeSample } from "../../guides/code-sample.tsx"
import type { Shell } from "../../shell.ts"
import { ProjectLayout } from "../project-layout.tsx"

type LoaderPageProps = {
  shell: Shell
  organization: { slug: string }
  project: { slug: string; name: string }
  /** Those that accept events, and the address of each one's script. */
  keys: (Pick<ProjectKey, "id" | "label"> & { src: string })[]
  /** Where pages fetch script and SDK from, and send errors to. */
  origin: string
}

export function LoaderPage({ shell, organization, project, keys, origin }: LoaderPageProps) {
  return (
    <ProjectLayout shell={shell} organization={organization} project={project} page="loader">
      {keys.length === 0 ? (
        <EmptyState
          title="No key that accepts events"
          action={
            <ButtonLink href={urls.projectKeys(organization.slug, project.slug)}>
              Keys (DSN)
            </ButtonLink>
          }
        >
          The loader script carries a key. Create one, or switch one on.
        </EmptyState>
      ) : (
        <Card title="One line for your pages">
          <div class="stack">
            <p>
              For web pages without a build step. Put it before every other script: it keeps errors
              and calls to <code>Sentry</code>, and fetches the SDK from this server when there is
              something to tell.
            </p>
            {keys.map(({ id, label, src }) => (
              <CodeSample
                id={`loader-${id}`}
                label={`Key: ${label}`}
                code={`<script src="${src}" crossorigin="anonymous"></script>`}
              />
            ))}
          </div>
        </Card>
      )}
      <Options />
      <Card title="Good to know">
        <div class="stack">
          <p>
            The SDK tells errors, messages and breadcrumbs, and can ask visitors what happened (
            <code>Sentry.showReportDialog()</code>). Tracing and session replay are not in it.
          </p>
          <p>
            A key that is switched off or deleted leaves your pages alone: its script does nothing.
            Browsers notice within an hour.
          </p>
          <p>
            A Content-Security-Policy of your pages has to allow <code>{origin}</code> under{" "}
            <code>script-src</code> and <code>connect-src</code>. A nonce of the line is handed on.
          </p>
        </div>
      </Card>
    </ProjectLayout>
  )
}

const SETTINGS = `<script>
  window.sentryOnLoad = function () {
    Sentry.init({ release: "my-app@1.0.0", environment: "production" })
  }
</script>`

function Options() {
  return (
    <Card title="Settings">
      <div class="stack">
        <p>
          The address of this project is set already. Whatever else the SDK is to know stands in the
          page:
        </p>
        <CodeSample id="loader-settings" label="Release and environment" code={SETTINGS} />
        <p>
          With <code>data-lazy="no"</code> in the line the SDK is fetched at once, and collects
          breadcrumbs from the beginning.
        </p>
      </div>
    </Card>
  )
}
