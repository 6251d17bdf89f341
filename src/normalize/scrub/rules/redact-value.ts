import { isIP } from "node:net"
import type { MetaRemark } from "../../meta.ts"
import { NEVER_SECRET } from "../scrubber.ts"
import type { Field } from "./fields.ts"
import { type Chunk, cutOut, filtered, joined, redacted } from "./redact.ts"
import type { CompiledRule, Effort } from "./rule-set.ts"

/** What rules made of a value. `value` undefined: it is gone. */
export type Redacted = { value: unknown; remarks: MetaRemark[]; hash?: string }

type Named = { name: string; field: Field }

/** null: the rules leave it as it is. */
export function redactValue(
  value: unknown,
  rules: readonly CompiledRule[],
  about: Named,
  effort: Effort,
): Redacted | null {
  if (typeof value === "string") return redactText(value, rules, about, effort)
  if (typeof value === "boolean") return null
  for (const rule of rules) {
    const isSecret =
      rule.isSecretName(about.name, effort) ||
      (typeof value === "number" && hasSecret(rule, String(value), about.field, effort))
    if (isSecret) return gone(rule)
  }
  return null
}

function gone({ redaction }: CompiledRule): Redacted {
  return { value: undefined, remarks: [{ rule: redaction.rule, type: "x" }] }
}

function hasSecret(rule: CompiledRule, text: string, field: Field, effort: Effort): boolean {
  if (rule.isWhole(text, field)) return true
  const spans = rule.spans(text, effort)
  return spans === null || spans.length > 0
}

function redactText(
  text: string,
  rules: readonly CompiledRule[],
  about: Named,
  effort: Effort,
): Redacted | null {
  if (NEVER_SECRET.has(text)) return null
  let chunks: Chunk[] = [{ text }]
  for (const rule of rules) {
    if (rule.isSecretName(about.name, effort) || rule.isWhole(text, about.field)) {
      const whole = redacted(text, rule.redaction)
      if (rule.redaction.method === "remove") return gone(rule)
      chunks = [whole]
      break
    }
    chunks = chunks.flatMap((chunk) => redactChunk(chunk, rule, effort))
  }
  if (chunks.every(({ remark }) => remark === undefined)) return null
  return about.field.isAddress ? redactedAddress(chunks) : textOf(chunks)
}

function textOf(chunks: readonly Chunk[]): Redacted {
  const { text, remarks } = joined(chunks)
  return { value: text, remarks }
}

function redactChunk(chunk: Chunk, rule: CompiledRule, effort: Effort): Chunk[] {
  if (chunk.remark) return [chunk]
  const spans = rule.spans(chunk.text, effort)
  // Too much to look for: what cannot be looked through is not shown.
  if (spans === null) return [filtered(rule.redaction.rule)]
  return spans.length === 0 ? [chunk] : cutOut(chunk.text, spans, rule.redaction)
}

/** A field for addresses holds nothing else. */
function redactedAddress(chunks: readonly Chunk[]): Redacted {
  const { text, remarks } = joined(chunks)
  if (isIP(text)) return { value: text, remarks }
  const [first] = remarks
  const hash = first?.type === "p" ? { hash: text } : {}
  return { value: undefined, remarks: first ? [{ rule: first.rule, type: "x" }] : [], ...hash }
}
