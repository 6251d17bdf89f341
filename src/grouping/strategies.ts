import { branch, type Component, findComponent, leaf, switchedOff } from "./component.ts"
import { reportComponent } from "./csp.ts"
import type { GroupingEvent, GroupingException, GroupingStacktrace } from "./event.ts"
import { type ExceptionGrouping, groupExceptions, type StackVariants } from "./exceptions.ts"
import { stableMessage } from "./message.ts"
import type { Marks } from "./rules/judge-stacks.ts"
import { stacktraceComponents } from "./stacktrace.ts"
import { decidingThreadStack } from "./threads.ts"

/** What an event is grouped by when its fingerprint does not say. */
export type Strategy = "exception" | "threads" | "stacktrace" | "template" | "report" | "message"

/** The trees of the first strategy that has something to say; app and system, or one default. */
export type Chosen = {
  strategy: Strategy | null
  variants: [name: "app" | "system" | "default", component: Component][]
  /** The exception that names the issue when that is not the last. */
  mainException: GroupingException | null
}

export function chooseStrategy(event: GroupingEvent, marks?: Marks): Chosen {
  const exceptions = groupExceptions(event, marks)
  const mainException = exceptions?.main ?? null
  for (const [strategy, variantsOf] of strategiesFor(event, exceptions, marks)) {
    const variants = variantsOf()
    if (variants.some(([, component]) => component.contributes)) {
      return { strategy, variants, mainException }
    }
  }
  return { strategy: null, variants: [], mainException }
}

type Variants = Chosen["variants"]

/** In order of precedence; what each would group by is worked out when it is asked. */
function strategiesFor(
  event: GroupingEvent,
  exceptions: ExceptionGrouping | null,
  marks: Marks | undefined,
): [Strategy, () => Variants][] {
  const one = (component: Component | null): Variants => (component ? [["default", component]] : [])
  return [
    ["exception", () => withOneKind(exceptions?.variants ?? null)],
    ["threads", () => withOneKind(stackOf(decidingThreadStack(event), event, marks))],
    ["stacktrace", () => withOneKind(stackOf(event.stacktrace, event, marks))],
    ["template", () => one(templateComponent(event))],
    ["report", () => one(reportComponent(event))],
    ["message", () => one(messageComponent(event))],
  ]
}

/** What the strategies after the chosen one had to say, which does not count. */
export function passedOver(
  event: GroupingEvent,
  chosen: Strategy,
  marks?: Marks,
): { strategy: Strategy; component: Component }[] {
  const all = strategiesFor(event, groupExceptions(event, marks), marks)
  const after = all.slice(all.findIndex(([strategy]) => strategy === chosen) + 1)
  return after.flatMap(([strategy, variantsOf]) => {
    const component = variantsOf().findLast(([, each]) => each.contributes)?.[1]
    return component ? [{ strategy, component }] : []
  })
}

function stackOf(
  stacktrace: GroupingStacktrace | undefined,
  event: GroupingEvent,
  marks: Marks | undefined,
): StackVariants | null {
  return stacktrace ? stacktraceComponents(stacktrace, event, marks?.get(stacktrace)) : null
}

/** A variant without a stack beside one that has one would join everything of the same type. */
function withOneKind(variants: StackVariants | null): Variants {
  if (!variants) return []
  const { app, system } = variants
  const appHasStack = findComponent(app, "stacktrace") !== undefined
  const systemHasStack = findComponent(system, "stacktrace") !== undefined
  const off = (name: string) => `only the ${name} variant has a contributing stack trace`
  return [
    ["app", systemHasStack && !appHasStack ? switchedOff(app, off("system")) : app],
    ["system", appHasStack && !systemHasStack ? switchedOff(system, off("app")) : system],
  ]
}

function templateComponent(event: GroupingEvent): Component | null {
  const { filename = "", context_line: line = "" } = event.template ?? {}
  return branch("template", [leaf("filename", filename), leaf("context-line", line)])
}

function messageComponent(event: GroupingEvent): Component | null {
  const message = event.logentry?.message || event.logentry?.formatted
  return message ? leaf("message", stableMessage(message)) : null
}
