/** Categories as people call them. */
const categories: Record<string, string> = {
  error: "Errors",
  transaction: "Transactions",
  security: "Security reports",
  attachment: "Attachments, by size",
  attachment_item: "Attachments",
  session: "Sessions",
  feedback: "User feedback",
  monitor: "Check-ins",
  log_item: "Logs",
  log_byte: "Logs, by size",
  span: "Spans",
  profile: "Profiles",
  profile_chunk: "Profile chunks",
  profile_chunk_ui: "Profile chunks of user interfaces",
  replay: "Replays",
  metric_bucket: "Metrics, old kind",
  trace_metric: "Metrics",
  internal: "Reports of SDKs",
  unknown: "Unknown",
}

export const categoryWord = (category: string): string => categories[category] ?? readable(category)

/** `release_health` as "Release health". */
function readable(name: string): string {
  const words = name.replace(/[_-]/g, " ").slice(0, 100)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
