import type { Exception } from "#normalize/event.ts"
import { Badge } from "../../../components/badge.tsx"
import { TextValue } from "../../../components/data/json-tree.tsx"
import { noteOn } from "../../../components/data/notes.ts"
import { ValueNote } from "../../../components/data/value-note.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import type { PlacedException } from "../../../components/trace/exception-order.ts"
import { StacktraceView, type TraceSource } from "../../../components/trace/stacktrace.tsx"

const MAX_TYPE_CHARACTERS = 256

type Props = {
  placed: PlacedException
  all: readonly PlacedException[]
  source: TraceSource
  allowance: number
  /** Why it has no trace; null when that is shown elsewhere. */
  hint: string | null
}

/** Several exceptions at a glance: each leads to its trace, members stand below their group. */
export function ExceptionOutline({ exceptions }: { exceptions: readonly PlacedException[] }) {
  return (
    <ol class="exception-outline">
      {exceptions.map(({ exception, number, depth, relation }) => (
        <li data-depth={Math.min(depth, 4)}>
          <a href={`#exception-${number}`}>
            <ForeignText text={exception.type ?? "(no type)"} max={MAX_TYPE_CHARACTERS} />
          </a>{" "}
          <span class="muted">
            <ForeignText text={exception.value ?? ""} max={120} />
          </span>
          {relation === "context" && <span class="muted"> (was being handled)</span>}
        </li>
      ))}
    </ol>
  )
}

export function ExceptionView({ placed, all, source, allowance, hint }: Props) {
  const { exception, number } = placed
  const note = noteOn(source.notes.get(exception), "value")
  return (
    <section class="exception" id={`exception-${number}`}>
      <header class="exception-head">
        <Relation placed={placed} all={all} />
        <h3>
          <ForeignText text={exception.type ?? "(no type)"} max={MAX_TYPE_CHARACTERS} />
        </h3>
        {exception.value && (
          <p class="anywhere exception-value">
            <TextValue text={exception.value} note={note} />
            <ValueNote note={note} />
          </p>
        )}
        <MechanismLine exception={exception} />
      </header>
      {exception.stacktrace ? (
        <StacktraceView
          {...source}
          trace={exception.stacktrace}
          id={`frame-${number}`}
          allowance={allowance}
        />
      ) : (
        hint && !isGroup(exception) && <p class="frame-note">{hint}</p>
      )}
    </section>
  )
}

/** What it is to the one before, with links both ways. */
function Relation({ placed, all }: { placed: PlacedException; all: readonly PlacedException[] }) {
  const { number, parent, relation } = placed
  const parentType = all.find((each) => each.number === parent)?.exception.type ?? "the exception"
  const causes = all.filter((each) => each.parent === number && each.relation !== "member")
  if (parent === null && causes.length === 0) return null
  const words = {
    thrown: "",
    cause: "Caused",
    context: "Was being handled when there came",
    member: "Is part of",
  }
  return (
    <p class="row muted">
      {parent !== null && (
        <span>
          {words[relation]}{" "}
          <a href={`#exception-${parent}`}>
            <ForeignText text={parentType} max={MAX_TYPE_CHARACTERS} />
          </a>
        </span>
      )}
      {causes.map((cause) => (
        <span>
          {"caused by "}
          <a href={`#exception-${cause.number}`}>
            <ForeignText text={cause.exception.type ?? "(no type)"} max={MAX_TYPE_CHARACTERS} />
          </a>
        </span>
      ))}
    </p>
  )
}

function isGroup({ mechanism }: Exception): boolean {
  return mechanism?.is_exception_group === true
}

function MechanismLine({ exception }: { exception: Exception }) {
  const { mechanism, module } = exception
  if (!mechanism && !module) return null
  return (
    <p class="row muted">
      {module && <ForeignText text={module} max={200} />}
      {mechanism && (
        <>
          <span>
            {"mechanism "}
            <ForeignText text={mechanism.type} max={128} />
          </span>
          {mechanism.handled === false && <Badge tone="error">unhandled</Badge>}
          {mechanism.handled === true && <Badge>handled</Badge>}
          <SignalBadge meta={mechanism.meta} />
        </>
      )}
    </p>
  )
}

/** SIGSEGV and its kin, which native SDKs tell beside the exception. */
function SignalBadge({ meta }: { meta: Record<string, unknown> | undefined }) {
  const signal = meta?.signal
  if (typeof signal !== "object" || signal === null) return null
  const names = ["name", "code_name"].flatMap((key) => {
    const name = (signal as Record<string, unknown>)[key]
    return typeof name === "string" ? [name] : []
  })
  return names.length === 0 ? null : (
    <Badge>
      <ForeignText text={names.join(" / ")} max={100} />
    </Badge>
  )
}
