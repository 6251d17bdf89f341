import { parseRelease, shortVersion } from "#releases/version.ts"
import { urls } from "#urls.ts"
import { ForeignText, plainText } from "../components/foreign-text.tsx"

const MAX_CHARACTERS = 80

/** A release by its short version, its package beside it; the whole name is told on pointing at it. */
export function VersionLink({ org, version }: { org: string; version: string }) {
  const parsed = parseRelease(version)
  return (
    <span class="version" title={plainText(version)}>
      <a href={urls.release(org, version)} {...(parsed.buildHash && { class: "mono" })}>
        <ForeignText text={shortVersion(version)} max={MAX_CHARACTERS} />
      </a>
      {parsed.package && (
        <small class="muted">
          <ForeignText text={parsed.package} max={MAX_CHARACTERS} />
        </small>
      )}
    </span>
  )
}

/** The same for sentences, titles and options. */
export const versionText = (version: string) => plainText(shortVersion(version), MAX_CHARACTERS)
