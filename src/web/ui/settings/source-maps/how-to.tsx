import { Card } from "../../components/card.tsx"
import { CodeSample } from "../../guides/code-sample.tsx"

/** The commands that upload, with this installation's names in them. */
export function HowToUpload({
  address,
  org,
  project,
}: {
  address: string
  org: string
  project: string
}) {
  const commands = [
    `export SENTRY_URL=${address} SENTRY_AUTH_TOKEN=…`,
    `export SENTRY_ORG=${org} SENTRY_PROJECT=${project}`,
    "npx @sentry/cli sourcemaps inject dist",
    "npx @sentry/cli sourcemaps upload dist",
  ]
  const plugin = [
    "sentryVitePlugin({",
    `  url: ${JSON.stringify(address)}, org: ${JSON.stringify(org)}, project: ${JSON.stringify(project)},`,
    "  authToken: process.env.SENTRY_AUTH_TOKEN,",
    "})",
  ]
  return (
    <Card title="How to upload">
      <div class="stack">
        <p>
          After each build, before it goes out. The token needs the scope <code>org:ci</code>. Debug
          ids tie each file to its map, whatever the release is called; add <code>--release</code>{" "}
          for files that are found by their address.
        </p>
        <CodeSample id="upload-cli" label="sentry-cli" code={commands.join("\n")} />
        <CodeSample
          id="upload-vite"
          label="vite.config.js, with @sentry/vite-plugin"
          code={plugin.join("\n")}
        />
      </div>
    </Card>
  )
}
