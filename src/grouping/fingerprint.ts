import { crashFrameOf, lastException } from "./crash-frame.ts"
import type { GroupingEvent } from "./event.ts"
import { basenameOf, functionNameOf } from "./frame.ts"
import { stableMessage } from "./message.ts"

/** default: the strategies decide; custom: only the fingerprint; hybrid: the strategies and it. */
export type FingerprintKind = "default" | "custom" | "hybrid"

/** A part stands for a variable only as a whole; blanks inside the braces do not matter. */
const VARIABLE = /^\{\{\s{0,10}(\S{1,250})\s{0,10}\}\}$/
const DEFAULT = "default"

function variableOf(part: string): string | undefined {
  return part.startsWith("{{") ? VARIABLE.exec(part)?.[1] : undefined
}

export function kindOf(fingerprint: readonly string[] | undefined): FingerprintKind {
  if (!fingerprint || fingerprint.length === 0) return "default"
  const defaults = fingerprint.filter((part) => variableOf(part) === DEFAULT).length
  if (defaults === 0) return "custom"
  return fingerprint.length === 1 ? "default" : "hybrid"
}

/** The texts that a fingerprint stands for in this event; `defaults` take the place of `{{ default }}`. */
export function resolveFingerprint(
  fingerprint: readonly string[],
  event: GroupingEvent,
  defaults: readonly string[] = [],
): string[] {
  return fingerprint.flatMap((part) => {
    const name = variableOf(part)
    if (name === DEFAULT) return defaults
    return [name === undefined ? literal(part, event) : resolveVariable(name, event)]
  })
}

const EMBEDDED = /\{\{\s{0,10}([^\s{}]{1,250})\s{0,10}\}\}/g

/** A text with variables anywhere in it: the title that a rule gives. */
export function expandVariables(text: string, event: GroupingEvent): string {
  return text.replace(EMBEDDED, (_variable, name: string) => resolveVariable(name, event))
}

/** A part that repeats the message was meant as the message, whose numbers do not matter. */
function literal(part: string, event: GroupingEvent): string {
  const isMessage =
    part === messageOf(event) || event.exception?.values.some(({ value }) => value === part)
  return isMessage && part !== "" ? stableMessage(part) : part
}

function messageOf(event: GroupingEvent): string | undefined {
  return event.logentry?.formatted || event.logentry?.message || lastException(event)?.value
}

type Resolve = (event: GroupingEvent) => string

const type: Resolve = (event) => lastException(event)?.type || "<no-type>"
const value: Resolve = (event) => lastException(event)?.value || "<no-value>"
const functionName: Resolve = (event) => {
  const frame = crashFrameOf(event)
  return (frame && functionNameOf(frame, event.platform ?? "other")) || "<no-function>"
}
const module: Resolve = (event) => crashFrameOf(event)?.module || "<no-module>"
const path: Resolve = (event) => {
  const frame = crashFrameOf(event)
  return frame?.abs_path || frame?.filename || "<no-abs-path>"
}
const packageName: Resolve = (event) =>
  basenameOf(crashFrameOf(event)?.package ?? "") || "<no-package>"

const VARIABLES = new Map<string, Resolve>([
  ["transaction", (event) => event.transaction || "<no-transaction>"],
  ["message", (event) => stableMessage(messageOf(event) || "<no-message>")],
  ["raw_message", (event) => messageOf(event) || "<no-message>"],
  ["type", type],
  ["error.type", type],
  ["value", value],
  ["error.value", value],
  ["raw_value", value],
  ["error.raw_value", value],
  ["function", functionName],
  ["stack.function", functionName],
  ["module", module],
  ["stack.module", module],
  ["path", path],
  ["stack.abs_path", path],
  ["stack.filename", (event) => crashFrameOf(event)?.filename || "<no-filename>"],
  ["package", packageName],
  ["stack.package", packageName],
  ["level", (event) => event.level || "<no-level>"],
  ["logger", (event) => event.logger || "<no-logger>"],
])

function resolveVariable(name: string, event: GroupingEvent): string {
  if (name.startsWith("tags.")) {
    const key = name.slice("tags.".length)
    return event.tags?.find(([tag]) => tag === key)?.[1] ?? `<no-value-for-tag-${key}>`
  }
  return VARIABLES.get(name)?.(event) ?? `<unrecognized-variable-${name}>`
}
