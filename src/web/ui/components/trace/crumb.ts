import type { Breadcrumb } from "#normalize/event.ts"
import type { Tone } from "../badge.tsx"
import type { IconName } from "../icon-names.ts"

/** A breadcrumb as a line to read: what it was, in words, and what is left of its data. */
export type CrumbLine = {
  icon: IconName
  /** "GET https://…" of requests, "/cart → /pay" of navigation, else the message. */
  text: string
  kind: "text" | "sql"
  /** HTTP status; null: not a request, or none came back. */
  status: number | null
  tone: Tone | null
  rest: [key: string, value: unknown][]
}

const LEVEL_TONES: Record<string, Tone> = { warning: "warning", error: "error", fatal: "fatal" }
const REQUEST_KEYS = ["method", "http.method", "url", "status_code", "http.response.status_code"]
const MOVE_KEYS = ["from", "to"]

export function crumbLine(crumb: Breadcrumb): CrumbLine {
  const { data = {} } = crumb
  const request = requestLine(data)
  const move = [data.from, data.to].filter((part) => typeof part === "string").join(" → ")
  const said = crumb.message ?? ""
  const used = said ? [] : request ? REQUEST_KEYS : move ? MOVE_KEYS : []
  const status = request ? statusOf(data) : null
  return {
    icon: iconOf(crumb),
    text: said || request || move,
    kind: isQuery(crumb) ? "sql" : "text",
    status,
    tone: LEVEL_TONES[crumb.level ?? ""] ?? (status !== null && status >= 500 ? "error" : null),
    rest: Object.entries(data).filter(([key]) => !used.includes(key)),
  }
}

function requestLine(data: Record<string, unknown>): string {
  const { url } = data
  if (typeof url !== "string") return ""
  const method = data.method ?? data["http.method"]
  return typeof method === "string" ? `${method} ${url}` : url
}

function statusOf(data: Record<string, unknown>): number | null {
  const status = Number(data.status_code ?? data["http.response.status_code"] ?? Number.NaN)
  return Number.isInteger(status) && status > 0 && status < 1000 ? status : null
}

function isQuery({ category = "", type }: Breadcrumb): boolean {
  return type === "query" || category === "query" || category.startsWith("db")
}

const ICONS: readonly [IconName, RegExp][] = [
  ["database", /^(query|db|sql|redis|cache)/],
  ["globe", /^(http|fetch|xhr|request|requests|httplib|urllib|grpc|network)/],
  ["navigation", /^(navigation|route|router)/],
  ["mouse-pointer-click", /^(ui|touch|click|user|input)/],
  ["terminal", /^(console|log|debug|subprocess|process)/],
  ["bug", /^(error|exception|sentry\.event)/],
  ["wifi", /^(connectivity|device|system|app)/],
]

/** Categories and types are a zoo; their first word tells most. */
function iconOf({ type = "", category = "" }: Breadcrumb): IconName {
  const name = `${category || type}`.toLowerCase().slice(0, 30)
  const kind = type.toLowerCase().slice(0, 30)
  const match = (word: string) => ICONS.find(([, pattern]) => pattern.test(word))?.[0]
  return match(name) ?? match(kind) ?? "info"
}
