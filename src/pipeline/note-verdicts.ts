import { isCountedInBytes } from "#protocol/quantities.ts"
import type { Line } from "./line.ts"
import type { Ending, Verdict } from "./open.ts"
import type { Prepared, PreparedEvent } from "./prepare/prepared.ts"

/** An event that went all the way and was not stored. */
export type Unstored = Verdict & { event: PreparedEvent }

/** Not worth a place among the verdicts: what was stored, and what the SDK never sent. */
const SILENT = new Set(["accepted", "client_discard"])

/** Keeps some of what a batch did not store for whoever looks for their event; after the batch has had its effect. */
export function noteVerdicts(
  line: Line,
  messages: readonly Prepared[],
  unstored: readonly Unstored[],
): void {
  for (const message of messages) {
    if (message.dead) noteEnd(line, message, DEAD)
    for (const ending of message.endings) noteEnding(line, message, ending)
  }
  for (const { event, outcome, reason } of unstored) {
    const { projectId, keyId, receivedAt, eventId, category } = event
    line.verdicts.note({ projectId, outcome, reason }, line.clock.now(), () => ({
      ...{ keyId, receivedAt, eventId, category },
      cause: "",
      client: "",
    }))
  }
}

/** Nobody looks for a session or a metric that nothing here reads. */
const WITH_IDS = new Set(["transaction", "profile", "replay"])

/** Why is for superusers: the error may quote anything. */
const DEAD = { category: "error", outcome: "dead_lettered", reason: "" }

function noteEnding(line: Line, message: Prepared, ending: Ending): void {
  const { category, outcome } = ending
  if (SILENT.has(outcome) || isCountedInBytes(category)) return
  if (outcome === "unsupported" && !WITH_IDS.has(category)) return
  noteEnd(line, message, ending)
}

function noteEnd(line: Line, message: Prepared, end: Omit<Ending, "quantity">): void {
  const { projectId, keyId, receivedAt, eventId, client } = message
  const { category, outcome, reason, cause = "" } = end
  if (projectId === "0") return
  line.verdicts.note({ projectId, outcome, reason }, line.clock.now(), () => ({
    ...{ keyId, receivedAt, eventId, category, cause, client },
  }))
}
