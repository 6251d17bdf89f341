import { branch, type Component, findComponent, leaf, switchedOff } from "./component.ts"
import { reportComponent } from "./csp.ts"
import type { GroupingEvent, GroupingException, GroupingStacktrace } from "./event.ts"
import { groupExceptions, type StackVariants } from "./exceptions.ts"
import { stableMessage } from "./message.ts"
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

export function chooseStrategy(event: GroupingEvent): Chosen {
  const exceptions = groupExceptions(event)
  const mainException = exceptions?.main ?? null
  const stacks: [Strategy, () => StackVariants | null][] = [
    ["exception", () => exceptions?.variants ?? null],
    ["threads", () => stackOf(decidingThreadStack(event), event)],
    ["stacktrace", () => stackOf(event.stacktrace, event)],
  ]
  for (const [strategy, variantsOf] of stacks) {
    const variants = variantsOf()
    if (variants && (variants.app.contributes || variants.system.contributes)) {
      return { strategy, variants: withOneKind(variants), mainException }
    }
  }
  const others: [Strategy, () => Component | null][] = [
    ["template", () => templateComponent(event)],
    ["report", () => reportComponent(event)],
    ["message", () => messageComponent(event)],
  ]
  for (const [strategy, componentOf] of others) {
    const component = componentOf()
    if (component?.contributes) {
      return { strategy, variants: [["default", component]], mainException }
    }
  }
  return { strategy: null, variants: [], mainException }
}

function stackOf(
  stacktrace: GroupingStacktrace | undefined,
  event: GroupingEvent,
): StackVariants | null {
  return stacktrace ? stacktraceComponents(stacktrace, event) : null
}

/** A variant without a stack beside one that has one would join everything of the same type. */
function withOneKind({ app, system }: StackVariants): Chosen["variants"] {
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
