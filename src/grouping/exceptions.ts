import {
  branch,
  type Component,
  contributionsOf,
  hashOf,
  ignored,
  leaf,
  switchedOff,
} from "./component.ts"
import type { GroupingEvent, GroupingException } from "./event.ts"
import { chooseExceptions } from "./exception-tree.ts"
import { stableMessage } from "./message.ts"
import type { Marks } from "./rules/judge-stacks.ts"
import { stacktraceComponents, type VariantName } from "./stacktrace.ts"

/** One tree for each way of looking at the stack. */
export type StackVariants = Record<VariantName, Component>

/** `main` is the exception that names the issue when that is not the last. */
export type ExceptionGrouping = { variants: StackVariants; main: GroupingException | null }

export function groupExceptions(event: GroupingEvent, marks?: Marks): ExceptionGrouping | null {
  const values = event.exception?.values ?? []
  if (values.length === 0) return null
  const known = new Map<GroupingException, StackVariants>()
  const componentsOf = (exception: GroupingException): StackVariants => {
    const made = known.get(exception) ?? exceptionComponents(exception, event, marks)
    known.set(exception, made)
    return made
  }
  const choice = chooseExceptions(values, (exception) => identityOf(componentsOf(exception)))
  const chosen = choice.exceptions.map(componentsOf)
  return {
    variants: {
      app: chain(chosen.map(({ app }) => app)),
      system: chain(chosen.map(({ system }) => system)),
    },
    main: choice.main ?? namesakeOf(values),
  }
}

function identityOf({ app, system }: StackVariants): string {
  return `${hashOf(contributionsOf(app))} ${hashOf(contributionsOf(system))}`
}

function chain(components: readonly Component[]): Component {
  const [only] = components
  return only && components.length === 1 ? only : branch("chained-exception", components)
}

function exceptionComponents(
  exception: GroupingException,
  event: GroupingEvent,
  marks: Marks | undefined,
): StackVariants {
  const { stacktrace } = exception
  const stacks = stacktrace && stacktraceComponents(stacktrace, event, marks?.get(stacktrace))
  const type = typeComponent(exception)
  const nsError = nsErrorComponent(exception)
  const value = valueComponent(exception, stacks, nsError)
  const variant = (name: VariantName): Component => {
    const stack = stacks?.[name]
    const values = [...(type ? [type] : [])]
    if (value) {
      const hint = stack?.contributes ? "the stack trace takes precedence" : undefined
      values.push(hint && value.contributes ? switchedOff(value, hint) : value)
    }
    if (nsError) values.push(nsError)
    if (stack) values.push(stack)
    return branch("exception", values)
  }
  return { app: variant("app"), system: variant("system") }
}

function typeComponent(exception: GroupingException): Component | null {
  if (!exception.type) return null
  return exception.mechanism?.synthetic
    ? ignored("type", "ignored because the exception is synthetic", exception.type)
    : leaf("type", exception.type)
}

/** Making a message comparable costs more than all the frames, so it is left out where it would not count. */
function valueComponent(
  exception: GroupingException,
  stacks: StackVariants | undefined,
  nsError: Component | null,
): Component | null {
  if (!exception.value) return null
  if (nsError) return ignored("value", "the ns-error takes precedence", exception.value)
  if (stacks?.app.contributes) {
    return ignored("value", "the stack trace takes precedence", exception.value)
  }
  return leaf("value", stableMessage(exception.value))
}

function nsErrorComponent(exception: GroupingException): Component | null {
  const error = exception.mechanism?.meta?.ns_error
  if (typeof error !== "object" || error === null) return null
  const { domain, code } = error as { domain?: unknown; code?: unknown }
  const values = [domain, code]
    .filter((value) => typeof value === "string" || typeof value === "number")
    .map((value) => leaf("ns-error-part", String(value)))
  return values.length > 0 ? branch("ns-error", values) : null
}

const REACT_RECOVERY =
  /^There was an error during concurrent rendering but React was able to recover by|^There was an error while hydrating.{0,100} was able to recover by/
const REACTIVE_JAVA = new Set([
  "OnErrorNotImplementedException",
  "CompositeException",
  "UndeliverableException",
])

/** Wrappers of frameworks whose own name would be the title of everything that goes wrong in them. */
function namesakeOf(values: readonly GroupingException[]): GroupingException | null {
  const first = values[0]
  const last = values.at(-1)
  if (!first || !last) return null
  if (
    first.type === "Error" &&
    last.mechanism?.source === "cause" &&
    REACT_RECOVERY.test(first.value ?? "")
  ) {
    return last
  }
  const isWrapper =
    last.module === "io.reactivex.rxjava3.exceptions" &&
    REACTIVE_JAVA.has(last.type ?? "") &&
    last.mechanism?.type === "UncaughtExceptionHandler"
  return isWrapper ? (values.at(-2) ?? null) : null
}
