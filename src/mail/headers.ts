import { type Config, publicAddress } from "#config.ts"

/** Longest subject, as in Sentry. */
const MAX_SUBJECT_CHARACTERS = 128

/** Foreign text that goes into a header: one line, no control characters, bounded. */
export function headerText(text: string): string {
  const line = text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, " ")
    .trim()
  return line.length <= MAX_SUBJECT_CHARACTERS
    ? line
    : `${line.slice(0, MAX_SUBJECT_CHARACTERS - 3).toWellFormed()}...`
}

/** What stands after the @ of our Message-IDs and at the end of our List-Ids. */
export function mailDomain(config: Config): string {
  return config["mail.list-namespace"] || new URL(publicAddress(config)).hostname
}

/** Threads need one subject and one ancestor: every mail of an issue answers a root that was never sent. */
export function issueThread(host: string, issueId: string, kind: string, deliveryId: string) {
  const root = `<issue.${issueId}@${host}>`
  return {
    messageId: `<issue.${issueId}.${kind}.${deliveryId}@${host}>`,
    inReplyTo: root,
    references: root,
  }
}

/** Headers of everything we send on our own accord: no vacation answers, please. */
export function automaticHeaders(kind: string): Record<string, string> {
  return {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
    "X-SentryLite-Kind": kind,
  }
}

/** One-click unsubscription (RFC 8058): a POST to the address is enough, no log-in. */
export function listHeaders(list: {
  project: string
  organization: string
  host: string
  level: string
  unsubscribeUrl: string
}): Record<string, string> {
  return {
    "List-Id": `<${list.project}.${list.organization}.${list.host}>`,
    "List-Unsubscribe": `<${list.unsubscribeUrl}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    "X-Sentry-Project": list.project,
    "X-Sentry-Logger-Level": list.level,
  }
}
