import type { Exception, NormalizedEvent } from "#normalize/event.ts"

const HINTS: readonly [sdk: RegExp, hint: string][] = [
  [/python/, "Capture exceptions, or set attach_stacktrace=True in sentry_sdk.init for messages."],
  [/php|symfony|laravel|wordpress/, "Set attach_stacktrace to true in the SDK's options."],
  [
    /javascript|browser|node|react|vue|electron|angular|svelte|nextjs/,
    "Capture Error objects rather than texts, or set attachStacktrace to true in Sentry.init.",
  ],
  [/ruby|rails/, "Capture exceptions that were raised: only those have a backtrace."],
  [/java|kotlin|spring|log4j|logback/, "Set attachStacktrace to true in the SDK's options."],
  [/dotnet|csharp|aspnet/, "Set AttachStacktrace to true in the SDK's options."],
  [/\bgo\b/, "Set AttachStacktrace to true in sentry.ClientOptions."],
  [/rust/, "Set attach_stacktrace to true in sentry::ClientOptions."],
  [/cocoa|swift|objc/, "Set attachStacktrace to true in the SDK's options."],
  [/dart|flutter/, "Set options.attachStacktrace to true."],
  [
    /elixir/,
    "Pass the stacktrace option: Sentry.capture_exception(error, stacktrace: __STACKTRACE__).",
  ],
]

/** What came instead of a stack trace, by the mechanism that stands for it. */
const CRASH_FILES = new Map([
  ["minidump", "minidump"],
  ["applecrashreport", "crash report"],
  ["unreal", "crash archive"],
])

/** Why an exception has no stack trace, and how its SDK would send one. */
export function traceHint(
  { sdk, platform }: Pick<NormalizedEvent, "sdk" | "platform">,
  { mechanism }: Pick<Exception, "mechanism"> = {},
): string {
  const file = CRASH_FILES.get(mechanism?.type ?? "")
  if (file) return `Its stack trace, if there is one, is in the ${file} among the attachments.`
  const name = (sdk?.name ?? "").slice(0, 100).toLowerCase()
  const known = HINTS.find(([pattern]) => pattern.test(name) || pattern.test(platform))
  const hint = known?.[1] ?? "Most SDKs attach one with the option attachStacktrace."
  return `The SDK sent no stack trace for it. ${hint}`
}
