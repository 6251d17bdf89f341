import { type Config, type OptionKey, options } from "#config.ts"

const HEADER = `# Configuration of sentry-lite.
#
# What is written here wins over what is set in the pages and with "sentry-lite config set"; the environment wins over
# this file, and the command line over both. Every option is listed with its default. A secret may be the text itself or
# say where it is: file:/path, env:NAME, cred:NAME (systemd credentials).
`

/** A config.yml that lists every option: those in `values` set, the others commented out with their default. */
export function exampleConfig(values: Partial<Config> = {}): string {
  const lines = Object.entries(options).map(([key, option], index, all) => {
    const group = groupOf(key)
    const heading = group === groupOf(all[index - 1]?.[0] ?? "") ? "" : headingOf(group)
    const value = values[key as OptionKey]
    const entry = value === undefined ? `# ${entryOf(key, option.initial)}` : entryOf(key, value)
    return `${heading}# ${option.description}\n${entry}\n`
  })
  return `${HEADER}${lines.join("")}`
}

/** JSON is YAML, and leaves no doubt about what is text. */
export function entryOf(key: string, value: unknown): string {
  return `${key}: ${JSON.stringify(value)}`
}

function groupOf(key: string): string {
  return key.split(".")[0] ?? ""
}

function headingOf(group: string): string {
  return `\n# ---- ${group} ${"-".repeat(70 - group.length)}\n`
}
