import type { MetaPath } from "../../meta.ts"
import type { Step } from "./path-matcher.ts"
import type { CompiledRule, RuleSet } from "./rule-set.ts"

/** Where in an event the walk is: the path for notes, and how far each source has come. */
export class Place {
  readonly #set: RuleSet
  readonly #path: (string | number)[] = []
  /** A row of states for each step down. */
  readonly #states: Int32Array[]
  #depth = 0
  #firstPath = 0

  constructor(set: RuleSet) {
    this.#set = set
    this.#states = [Int32Array.from(set.machines, ({ start }) => start)]
  }

  get depth(): number {
    return this.#depth
  }

  /** To be used at once: it changes with the next step. */
  get path(): MetaPath {
    return this.#path
  }

  enter(parts: readonly (string | number)[], step: Step): void {
    const before = this.#states[this.#depth] as Int32Array
    this.#path.push(...parts)
    this.#depth++
    const { machines } = this.#set
    const states = this.#states[this.#depth] ?? new Int32Array(machines.length)
    this.#states[this.#depth] = states
    for (let index = 0; index < machines.length; index++) {
      states[index] = machines[index]?.next(before[index] ?? 0, step) ?? 0
    }
  }

  leave(parts: number): void {
    this.#depth--
    this.#path.length -= parts
  }

  /** The rules whose sources lead here; those that do not name the place only where data of people usually is. */
  rules(isAlways: boolean): CompiledRule[] {
    return this.#set.rules.filter((rule) => {
      this.#firstPath = rule.firstPath
      return rule.reach(this.#isEnd) >= (isAlways ? 1 : 2)
    })
  }

  readonly #isEnd = (path: number): boolean => {
    const index = this.#firstPath + path
    return this.#set.machines[index]?.isEnd(this.#states[this.#depth]?.[index] ?? 0) ?? false
  }
}
