import { Card } from "../../components/card.tsx"
import { CodeSample } from "../../guides/code-sample.tsx"

/** The commands that upload, with this installation's names in them. */
export function HowToUpload(props: { address: string; org: string; project: string }) {
  const { address, org, project } = props
  const commands = [
    `export SENTRY_URL=${address} SENTRY_AUTH_TOKEN=…`,
    `export SENTRY_ORG=${org} SENTRY_PROJECT=${project}`,
    "# Android, Java: names that R8 or ProGuard changed, and sources",
    "npx @sentry/cli upload-proguard app/build/outputs/mapping/release/mapping.txt",
    "npx @sentry/cli debug-files bundle-jvm --debug-id ID --output sources src/main/java",
    "npx @sentry/cli debug-files upload --type jvm sources",
    "# Native: Breakpad symbols (names, files, lines), ELF and Mach-O (names)",
    "npx @sentry/cli debug-files upload build/symbols",
  ]
  return (
    <Card title="How to upload">
      <div class="stack">
        <p>
          After each build, before it goes out. The token needs the scope <code>org:ci</code>. A
          file is found by its debug id, whatever the release is called. DWARF and PDB files are not
          read: make Breakpad symbols of them with <code>dump_syms</code>.
        </p>
        <CodeSample id="upload-cli" label="sentry-cli" code={commands.join("\n")} />
      </div>
    </Card>
  )
}
