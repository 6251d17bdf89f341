import type { GroupingException, GroupingFrame } from "../event.ts"
import {
  type CompiledRule,
  fitsState,
  type Pass,
  rulesByNames,
  type StackRuleSet,
} from "./stack-rule-set.ts"
import { newState, rangeOf, type StackState } from "./stack-state.ts"

/** What a stack trace belongs to. */
export type StackOwner = { exception: GroupingException | null; platform: string }

/**
 * Runs rules over one stack trace: first those that say which frames are the application's, all sets in their order, then those that
 * say which frames count. null: no rule had anything to say.
 */
export function judgeStack(
  frames: readonly GroupingFrame[],
  owner: StackOwner,
  sets: readonly StackRuleSet[],
): StackState | null {
  const state = newState(frames)
  const runs = sets.map((set) => ({ set, byRule: framesByRule(set, frames, owner.platform) }))
  for (const run of runs) runPass("app", run, state, owner)
  for (const run of runs) runPass("group", run, state, owner)
  return isTouched(state) ? state : null
}

/** A set of rules and, for those that are about names, the frames that fit them, in order of the rules. */
type Run = { set: StackRuleSet; byRule: ReadonlyMap<number, readonly number[]> }

const NOTHING: Run["byRule"] = new Map()

function framesByRule(
  set: StackRuleSet,
  frames: readonly GroupingFrame[],
  platform: string,
): Run["byRule"] {
  let found: Map<number, number[]> | null = null
  for (let index = 0; index < frames.length; index++) {
    const frame = frames[index]
    if (!frame) continue
    for (const rule of rulesByNames(set, frame, platform)) {
      found ??= new Map()
      const indexes = found.get(rule)
      if (indexes) indexes.push(index)
      else found.set(rule, [index])
    }
  }
  return found ?? NOTHING
}

function runPass(pass: Pass, { set, byRule }: Run, state: StackState, owner: StackOwner): void {
  const named = [...byRule.keys()].filter((index) => isOf(pass, set.rules[index]))
  const anywhere = set.anywhere[pass]
  const order = named.length === 0 ? anywhere : [...named, ...anywhere].sort((a, b) => a - b)
  for (const index of order) {
    const rule = set.rules[index]
    if (!rule || (rule.category !== null && !state.seen.has(rule.category))) continue
    const frames = framesFor(rule, byRule.get(index), state, owner)
    set.effort.left -= state.frames.length * frames.length * rule.ranges[pass]
    if (set.effort.left < 0) return
    for (const frame of frames) {
      if (pass === "app") applyApp(rule, state, frame)
      else applyGroup(rule, state, frame)
    }
  }
}

function isOf(pass: Pass, rule: CompiledRule | undefined): boolean {
  const actions = pass === "app" ? rule?.appActions : rule?.groupActions
  return actions !== undefined && actions.length > 0
}

/** All frames are looked at before the first is changed. */
function framesFor(
  rule: CompiledRule,
  named: readonly number[] | undefined,
  state: StackState,
  owner: StackOwner,
): readonly number[] {
  for (const fits of rule.exception) if (!fits(owner.exception)) return []
  const fitting: number[] = []
  const count = named?.length ?? state.frames.length
  for (let at = 0; at < count; at++) {
    const index = named?.[at] ?? at
    if (fitsState(rule, state, index, owner.platform)) fitting.push(index)
  }
  return fitting
}

function applyApp(rule: CompiledRule, state: StackState, index: number): void {
  for (const action of rule.appActions) {
    if (action.kind === "category") {
      state.category[index] = action.name
      state.seen.add(action.name)
      continue
    }
    const [from, to] = rangeOf(action.range, index, state.frames.length)
    for (let each = from; each < to; each++) {
      state.inApp[each] = action.on
      state.marks.app[each] = rule.text
    }
  }
}

function applyGroup(rule: CompiledRule, { marks, frames }: StackState, index: number): void {
  for (const action of rule.groupActions) {
    if (action.kind === "max-frames") marks.maxFrames = action.count
    else if (action.kind === "min-frames") marks.minFrames = action.count
    else {
      const [from, to] = rangeOf(action.range, index, frames.length)
      for (let each = from; each < to; each++) {
        marks.group[each] = { on: action.on, rule: rule.text }
      }
    }
  }
}

function isTouched({ category, marks }: StackState): boolean {
  return (
    category.length > 0 ||
    marks.app.length > 0 ||
    marks.group.length > 0 ||
    marks.maxFrames > 0 ||
    marks.minFrames > 0
  )
}
