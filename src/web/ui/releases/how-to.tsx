import { Card } from "../components/card.tsx"
import { CodeSample } from "../guides/code-sample.tsx"

/** The commands that tell of a release, with this installation's names in them. */
export function HowToTell(props: { address: string; org: string; version: string | null }) {
  const { address, org, version } = props
  const name = version === null ? '"$VERSION"' : shellWord(version)
  const first =
    version === null
      ? [`sentry-cli releases new ${name} -p PROJECT`, `sentry-cli releases finalize ${name}`]
      : []
  const commands = [
    `export SENTRY_URL=${address} SENTRY_ORG=${org} SENTRY_AUTH_TOKEN=…`,
    ...first,
    `sentry-cli releases set-commits --local ${name}`,
    `sentry-cli deploys new -r ${name} -e production`,
  ]
  return (
    <Card title="Tell what is in a release and where it runs">
      <div class="stack">
        <p>
          In the checkout that is built; the token needs the scope <code>org:ci</code>. A commit
          whose message says <code>Fixes BACKEND-2S</code> resolves that issue in its release.
        </p>
        <CodeSample id="tell-release" label="sentry-cli" code={commands.join("\n")} />
      </div>
    </Card>
  )
}

/** As one word for a shell, whatever is in it. */
function shellWord(text: string): string {
  return /^[\w@.+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
