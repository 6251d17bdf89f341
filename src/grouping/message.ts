import { parameterize } from "./parameterize.ts"

/** A message without what differs from event to event: its first two lines, with numbers, ids and the like named. */
export function stableMessage(message: string): string {
  return parameterize(firstTwoLines(message))
}

/** The first two lines that are not blank; "..." says that there was more. */
export function firstTwoLines(message: string): string {
  if (!message.includes("\n") && !message.includes("\r")) {
    const line = message.trim()
    return line === message ? message : `${line}...`
  }
  const kept: string[] = []
  for (const line of message.split(/\r\n|\n|\r/)) {
    if (line.trim() === "") continue
    kept.push(line)
    if (kept.length === 2) break
  }
  const result = kept.join("\n").trim()
  return result === message ? message : `${result}...`
}
