import type { Component } from "#grouping/component.ts"
import { ForeignText } from "../../../components/foreign-text.tsx"

const MAX_DEPTH = 8
const MAX_VALUES = 60

/** The explanation of a grouping; what does not count is faint and says why. */
export function GroupingTree({ component }: { component: Component }) {
  return <Node component={component} depth={0} />
}

function Node({ component, depth }: { component: Component; depth: number }) {
  const { id, hint, contributes, values } = component
  const [only] = values
  const text = values.length === 1 && typeof only === "string" ? only : null
  return (
    <div {...(!contributes && { "data-off": "" })}>
      {id}
      {hint && (
        <>
          {" ("}
          <ForeignText text={hint} max={600} />
          {")"}
        </>
      )}
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
            <Node component={value} depth={depth + 1} />
          )}
        </li>
      ))}
      {values.length > MAX_VALUES && <li>{`${values.length - MAX_VALUES} more`}</li>}
    </ul>
  )
}
