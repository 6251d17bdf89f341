import type { Bag } from "../event.ts"

/** What of a context its description tells. */
type Described = { name?: string; version?: string; build?: string; kernel_version?: string }

/** The name and version of a system or a runtime, when the context has only a sentence of them. */
export function described(type: string, context: Bag): Described | undefined {
  const text = context.raw_description
  const isBare = typeof text === "string" && !context.name && !context.version
  if (type === "os") return isBare ? systemOf(text) : undefined
  if (type !== "runtime") return undefined
  const runtime = isBare ? runtimeOf(text) : undefined
  const version = frameworkVersion(runtime?.name ?? context.name, context.build)
  return version ? { ...runtime, version } : runtime
}

function systemOf(text: string): Described | undefined {
  const windows = /^(?:Microsoft )?Windows (?:NT |\d+ {1,4}\()?(\d[\d.]{0,30})/.exec(text)
  if (windows?.[1]) return { name: "Windows", version: windows[1] }
  const mac = /^Mac OS X (\d[\d.]{0,30})(?: \((\w{1,20})\))?/.exec(text)
  if (mac?.[1]) return { name: "macOS", version: mac[1], ...(mac[2] && { build: mac[2] }) }
  const android = /^Android (?:OS )?(\d[\d.]{0,30}) \/ API-\d/.exec(text)
  if (android?.[1]) return { name: "Android", version: android[1] }
  const apple = /^(iOS|iPadOS|tvOS|watchOS|visionOS) (\d[\d.]{0,30})/.exec(text)
  if (apple?.[1] && apple[2]) return { name: apple[1], version: apple[2] }
  const unix = /^([A-Za-z]{3,20}) (\d[^\s]{0,60})/.exec(text)
  if (unix?.[1] && unix[2]) return { name: unix[1], kernel_version: unix[2] }
  return undefined
}

function runtimeOf(text: string): Described | undefined {
  const dotnet = /^(\.NET(?: [A-Z][a-z]{1,20})?|Mono) (\d[\w.-]{0,40})/.exec(text)
  return dotnet?.[1] && dotnet[2] ? { name: dotnet[1], version: dotnet[2] } : undefined
}

/** The .NET Framework knows itself by the number of its build. */
const FRAMEWORK_BUILDS: Record<string, readonly number[]> = {
  "4.5": [378389],
  "4.5.1": [378675, 378758],
  "4.5.2": [379893],
  "4.6": [393295, 393297],
  "4.6.1": [394254, 394271],
  "4.6.2": [394802, 394806],
  "4.7": [460798, 460805],
  "4.7.1": [461308, 461310],
  "4.7.2": [461808, 461814],
  "4.8": [528040, 528049, 528209, 528372],
  "4.8.1": [533320, 533325],
}
const VERSION_OF_BUILD = new Map(
  Object.entries(FRAMEWORK_BUILDS).flatMap(([version, builds]) =>
    builds.map((build) => [String(build), version] as const),
  ),
)

function frameworkVersion(name: unknown, build: unknown): string | undefined {
  if (typeof name !== "string" || !name.startsWith(".NET Framework")) return undefined
  return VERSION_OF_BUILD.get(String(build))
}
