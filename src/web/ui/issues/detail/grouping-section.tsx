import { type Grouping, groupEvent } from "#grouping/group.ts"
import type { NormalizedEvent } from "#normalize/event.ts"
import { Badge } from "../../components/badge.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import { Section } from "./section.tsx"

type Variant = Grouping["variants"][number]
type Component = NonNullable<Variant["component"]>

const METHODS: Record<Grouping["method"], string> = {
  checksum: "The SDK sent a checksum: events with the same one are one issue.",
  "custom-fingerprint":
    "The SDK or a rule gave a fingerprint: events with the same one are one issue.",
  exception: "Events whose exceptions and stack traces agree in what counts are one issue.",
  stacktrace: "Events whose stack traces agree in what counts are one issue.",
  threads: "Events whose crashed threads agree in what counts are one issue.",
  template: "Events of the same line of the same template are one issue.",
  message: "Events with the same message, numbers and ids aside, are one issue.",
  report: "Reports about the same thing are one issue.",
  fallback: "Nothing in the event tells it from others: all such events are one issue.",
}
const MAX_DEPTH = 8
const MAX_VALUES = 60

/** Why these events are one issue: the method, the values that count, and the hashes they make. Made anew from the event. */
export function GroupingSection({ event }: { event: NormalizedEvent }) {
  const { method, variants, fingerprint } = groupEvent(event)
  return (
    <Section id="grouping" title="Why is this one issue?" folded>
      <p class="card-body">
        {METHODS[method]}
        {fingerprint === "hybrid" && " A fingerprint divides them further."}
      </p>
      {variants.map((variant) => (
        <VariantView variant={variant} />
      ))}
    </Section>
  )
}

function VariantView({ variant }: { variant: Variant }) {
  return (
    <details class="fold" {...(variant.contributes && { open: true })}>
      <summary>
        {variant.name.replaceAll("-", " ")}{" "}
        {variant.contributes ? (
          <Badge tone="success">counts</Badge>
        ) : (
          <span class="muted">{variant.hint ?? "does not count"}</span>
        )}
      </summary>
      <div class="card-body grouping">
        {variant.contributes && variant.hash && (
          <p>
            Hash <code>{variant.hash}</code>
          </p>
        )}
        {variant.values && variant.values.length > 0 && (
          <ul>
            {variant.values.slice(0, MAX_VALUES).map((value) => (
              <li class="mono">
                <ForeignText text={value} max={300} />
              </li>
            ))}
          </ul>
        )}
        {variant.component && <ComponentView component={variant.component} depth={0} />}
      </div>
    </details>
  )
}

/** A node of the explanation; what does not count is faint and says why. */
function ComponentView({ component, depth }: { component: Component; depth: number }) {
  const { id, hint, contributes, values } = component
  const [only] = values
  const text = values.length === 1 && typeof only === "string" ? only : null
  return (
    <div {...(!contributes && { "data-off": "" })}>
      {id}
      {hint && ` (${hint})`}
      {text !== null && (
        <span class="mono">
          {" "}
          <ForeignText text={text} max={300} />
        </span>
      )}
      {text === null && depth < MAX_DEPTH && <Children values={values} depth={depth} />}
    </div>
  )
}

function Children({ values, depth }: { values: Component["values"]; depth: number }) {
  if (values.length === 0) return null
  return (
    <ul>
      {values.slice(0, MAX_VALUES).map((value) => (
        <li>
          {typeof value === "string" ? (
            <ForeignText text={value} max={300} />
          ) : (
            <ComponentView component={value} depth={depth + 1} />
          )}
        </li>
      ))}
      {values.length > MAX_VALUES && <li>{`${values.length - MAX_VALUES} more`}</li>}
    </ul>
  )
}
