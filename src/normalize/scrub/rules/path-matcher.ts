import type { PathItem, Selector } from "./selector.ts"
import { bitOfType, isGeneralType } from "./value-types.ts"

/** One step from a value to a member of it. */
export type Step = {
  /** The member's name in lower case, or its index. */
  key: string
  /** What the member is: bits of value-types. */
  types: number
  /** A step that Sentry's paths leave out: `values` of exceptions and their like, and the index behind it. */
  isSilent: boolean
}

/**
 * A path as a machine: bit n of a state says that n items are behind us. States go from a value to its members, so
 * that a value costs a handful of operations for each path, whatever `**` is in it.
 */
export type PathMachine = {
  /** At the event itself. */
  start: number
  next(state: number, step: Step): number
  /** The bit of a state that has come to the end. */
  end: number
  /** Bits of the type with which the path may begin anywhere; 0: it begins at the event. */
  firstTypes: number
  /** Says what the value is about: fields that scrubbing usually leaves alone are reached by such paths only. */
  isSpecific: boolean
}

function pathMachine(items: readonly PathItem[]): PathMachine {
  const compiled = items.map(compileItem)
  const end = 1 << items.length
  // A type may stand anywhere; a name is one of the event's own members.
  const [first] = items
  const firstTypes = first?.kind === "type" ? bitOfType(first.name) : 0
  const restart = firstTypes > 0 ? 1 : 0
  const closed = (state: number) => {
    let result = state
    for (let index = 0; index < compiled.length; index++) {
      if (compiled[index]?.isDeep && result & (1 << index)) result |= 1 << (index + 1)
    }
    return result
  }
  // Runs for each value and path: nothing is allocated here.
  const next = (state: number, step: Step) => {
    let result = restart | (step.isSilent ? state & ~end : 0)
    for (let index = 0; index < compiled.length; index++) {
      if ((state & (1 << index)) === 0) continue
      const item = compiled[index] as CompiledItem
      if (item.isDeep) result |= 1 << index
      else if (item.accepts(step)) result |= 1 << (index + 1)
    }
    return closed(result)
  }
  return {
    start: restart === 1 ? next(1, EVENT) : closed(1),
    isSpecific: items.some(isSpecific),
    ...{ end, firstTypes, next },
  }
}

const EVENT: Step = { key: "", types: bitOfType("event") | bitOfType("object"), isSilent: false }

type CompiledItem = { isDeep: boolean; accepts(step: Step): boolean }

function compileItem(item: PathItem): CompiledItem {
  switch (item.kind) {
    case "deep":
      return { isDeep: true, accepts: () => true }
    case "any":
      return { isDeep: false, accepts: () => true }
    case "key":
      return { isDeep: false, accepts: ({ key }) => key === item.name }
    case "type": {
      const bit = bitOfType(item.name)
      return { isDeep: false, accepts: ({ types }) => (types & bit) !== 0 }
    }
  }
}

function isSpecific(item: PathItem): boolean {
  return item.kind === "key" || (item.kind === "type" && !isGeneralType(item.name))
}

/** A selector with its paths in a row of their own, named by their place in it. */
export type CompiledSelector = {
  paths: PathMachine[]
  /** It may also be about places to which none of its paths leads. */
  isNegative: boolean
  /** 0: not here; 1: here, if the field usually holds data of people; 2: here in any case. */
  reach(isEnd: (path: number) => boolean): 0 | 1 | 2
}

export function compileSelector(selector: Selector): CompiledSelector {
  const paths: PathMachine[] = []
  return { reach: compileReach(selector, paths), paths, isNegative: isNegative(selector) }
}

function isNegative(selector: Selector): boolean {
  if (selector.kind === "path") return false
  return selector.kind === "not" || selector.all.some(isNegative)
}

function compileReach(selector: Selector, paths: PathMachine[]): CompiledSelector["reach"] {
  switch (selector.kind) {
    case "path": {
      const machine = pathMachine(selector.items)
      const index = paths.push(machine) - 1
      return (isEnd) => (isEnd(index) ? (machine.isSpecific ? 2 : 1) : 0)
    }
    case "not": {
      const inner = compileReach(selector.of, paths)
      return (isEnd) => (inner(isEnd) === 0 ? 1 : 0)
    }
    case "and": {
      const all = selector.all.map((each) => compileReach(each, paths))
      return (isEnd) => {
        const reaches = all.map((reach) => reach(isEnd))
        return reaches.includes(0) ? 0 : highest(reaches)
      }
    }
    case "or": {
      const all = selector.all.map((each) => compileReach(each, paths))
      return (isEnd) => highest(all.map((reach) => reach(isEnd)))
    }
  }
}

function highest(reaches: (0 | 1 | 2)[]): 0 | 1 | 2 {
  if (reaches.includes(2)) return 2
  return reaches.includes(1) ? 1 : 0
}
