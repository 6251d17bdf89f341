import type { PlatformId } from "#projects/platforms.ts"
import { browserGuides } from "./browser.ts"
import { compiledGuides } from "./compiled.ts"
import type { Guide } from "./guide.ts"
import { dotnetGuides, jvmGuides } from "./jvm-dotnet.ts"
import { nodeGuides } from "./node.ts"
import { phpGuides, rubyGuides } from "./php-ruby.ts"
import { pythonGuides } from "./python.ts"

/** Every platform but "other", which has nothing but the curl line. */
const guides: Record<Exclude<PlatformId, "other">, Guide> = {
  ...pythonGuides,
  ...nodeGuides,
  ...browserGuides,
  ...phpGuides,
  ...rubyGuides,
  ...jvmGuides,
  ...dotnetGuides,
  ...compiledGuides,
}

/** null: no guide of its own; any client, or curl, will do. */
export function guideFor(platform: string): Guide | null {
  return Object.hasOwn(guides, platform) ? guides[platform as keyof typeof guides] : null
}

/** One line for a shell that sends a first error without any client. */
export function curlLine(dsn: string): string {
  const { origin, pathname, username } = new URL(dsn)
  const slash = pathname.lastIndexOf("/")
  const url = `${origin}${pathname.slice(0, slash)}/api${pathname.slice(slash)}/store/`
  const event = JSON.stringify({
    platform: "other",
    level: "error",
    exception: { values: [{ type: "FirstError", value: "sent with curl" }] },
  })
  return `curl -sS '${url}' -H 'Content-Type: application/json' -H 'X-Sentry-Auth: Sentry sentry_version=7, sentry_key=${username}, sentry_client=curl' -d '${event}'`
}
