import type { Child } from "hono/jsx"
import { Icon } from "./icon.tsx"
import type { IconName } from "./icon-names.ts"

export type Tone = "fatal" | "error" | "warning" | "info" | "debug" | "success"
export type Level = "fatal" | "error" | "warning" | "info" | "debug"

export function Badge(props: { tone?: Tone; icon?: IconName; children: Child }) {
  return (
    <span class="badge" data-tone={props.tone ?? "debug"}>
      {props.icon && <Icon name={props.icon} />}
      {props.children}
    </span>
  )
}

const STATES: Record<string, { word: string; tone: Tone; icon?: IconName } | undefined> = {
  new: { word: "New", tone: "info" },
  regressed: { word: "Regressed", tone: "error" },
  escalating: { word: "Escalating", tone: "warning", icon: "trending-up" },
  returned: { word: "Back", tone: "info", icon: "rotate-ccw" },
  archived: { word: "Archived", tone: "debug", icon: "archive" },
  resolved: { word: "Resolved", tone: "success", icon: "check" },
}

export type IssueState = {
  status: "unresolved" | "resolved" | "archived"
  substatus: string | null
  /** Back from the archive, and nobody looked at it yet. */
  isReturned?: boolean
}

/** Nothing for ongoing issues: the ordinary state needs no chip. */
export function StateChip({ status, substatus, isReturned }: IssueState) {
  const unresolved = isReturned ? "returned" : (substatus ?? "")
  const state = STATES[status === "unresolved" ? unresolved : status]
  if (!state) return null
  return (
    <Badge tone={state.tone} {...(state.icon && { icon: state.icon })}>
      {state.word}
    </Badge>
  )
}

const LEVEL_WORDS: Record<Level, string> = {
  fatal: "Fatal",
  error: "Error",
  warning: "Warning",
  info: "Info",
  debug: "Debug",
}

/** Colour, shape and word: a level is never told by its colour alone. */
export function LevelMark({ level, quiet = false }: { level: Level; quiet?: boolean }) {
  return (
    <span class="level" data-tone={level}>
      <LevelShape level={level} />
      <span class={quiet ? "visually-hidden" : undefined}>{LEVEL_WORDS[level]}</span>
    </span>
  )
}

function LevelShape({ level }: { level: Level }) {
  return (
    <svg class="level-shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      {level === "fatal" && <path d="M4 1h4l3 3v4l-3 3H4L1 8V4z" />}
      {level === "error" && <circle cx="6" cy="6" r="4.5" />}
      {level === "warning" && <path d="M6 1.5 11 10.5H1z" />}
      {level === "info" && <circle cx="6" cy="6" r="4" fill="none" stroke-width="2" />}
      {level === "debug" && (
        <circle cx="6" cy="6" r="4" fill="none" stroke-width="2" stroke-dasharray="2 1.5" />
      )}
    </svg>
  )
}
