import type { MetaPath } from "../../meta.ts"
import { type Field, typesIn } from "./fields.ts"
import type { PathMachine, Step } from "./path-matcher.ts"
import type { CompiledRule, RuleSet } from "./rule-set.ts"

const NONE: CompiledRule[] = []

/** Where in an event the walk is: the path for notes, and how far each source has come. */
export class Place {
  readonly #set: RuleSet
  readonly #path: (string | number)[] = []
  /** A row of states for each step down. */
  readonly #states: Int32Array[]
  #depth = 0
  #firstPath = 0
  /** A path has come to its end here. */
  #hasEnd = false
  /** A path has come further than its beginning. */
  #isUnderWay = true

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
    let isUnderWay = false
    this.#hasEnd = false
    for (let index = 0; index < machines.length; index++) {
      const machine = machines[index] as PathMachine
      const state = machine.next(before[index] ?? 0, step)
      states[index] = state
      if (state > 1) isUnderWay = true
      if (state & machine.end) this.#hasEnd = true
    }
    this.#isUnderWay = isUnderWay
  }

  leave(parts: number): void {
    this.#depth--
    this.#path.length -= parts
  }

  /** Whether any source may lead to something below; asked right after the step. */
  leadsBelow(field: Field): boolean {
    const { hasNegation, firstTypes } = this.#set
    return hasNegation || this.#isUnderWay || (firstTypes & typesIn(field)) !== 0
  }

  /** The rules whose sources lead here, asked right after the step; those that do not name the place only where data of people usually is. */
  rules(isAlways: boolean): CompiledRule[] {
    if (!this.#hasEnd && !this.#set.hasNegation) return NONE
    return this.#set.rules.filter((rule) => {
      this.#firstPath = rule.firstPath
      return rule.reach(this.#isEnd) >= (isAlways ? 1 : 2)
    })
  }

  readonly #isEnd = (path: number): boolean => {
    const index = this.#firstPath + path
    const state = this.#states[this.#depth]?.[index] ?? 0
    return (state & (this.#set.machines[index]?.end ?? 0)) !== 0
  }
}
