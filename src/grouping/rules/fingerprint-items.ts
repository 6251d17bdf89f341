import type { GroupingEvent, GroupingFrame, GroupingThread } from "../event.ts"
import { familyOf } from "../platform.ts"
import { type FrameFacts, factsOf } from "./frame-facts.ts"
import { givenInApp } from "./stack-state.ts"

/** A frame as fingerprint rules see it, with its neighbours. */
export type FrameItem = {
  facts: FrameFacts
  /** The same with the short form of its path, which may be a pattern's, too. */
  short: FrameFacts
  inApp: boolean
  stack: FrameItem[]
  index: number
}

type Pairs = readonly (readonly [key: string, value: string])[]

/** Longer messages are dumps. */
const MAX_CHARACTERS = 8_192

/** What fingerprint rules look at; each kind is made when the first rule asks for it. */
export class FingerprintItems {
  readonly #event: GroupingEvent
  readonly #tags: Pairs
  #frames: FrameItem[] | undefined
  #messages: string[] | undefined

  constructor(event: GroupingEvent, tags: Pairs) {
    this.#event = event
    this.#tags = tags
  }

  get family(): string {
    return familyOf(this.#event.platform ?? "other")
  }

  get event(): GroupingEvent {
    return this.#event
  }

  tag(key: string): string | undefined {
    return this.#tags.find(([name]) => name === key)?.[1]
  }

  get exceptions() {
    return this.#event.exception?.values ?? []
  }

  get threads(): readonly GroupingThread[] {
    return this.#event.threads?.values ?? []
  }

  /** The message, and what exceptions say. */
  get messages(): string[] {
    const { logentry } = this.#event
    const texts = [
      logentry?.formatted || logentry?.message,
      ...this.exceptions.map(({ value }) => value),
    ]
    this.#messages ??= texts.flatMap((text) => text?.slice(0, MAX_CHARACTERS).trim() || [])
    return this.#messages
  }

  /** Of the exceptions, else of the event, else of the threads. */
  get frames(): FrameItem[] {
    this.#frames ??= this.#stacks().flatMap((frames) => this.#itemsOf(frames))
    return this.#frames
  }

  #stacks(): (readonly GroupingFrame[])[] {
    const ofExceptions = this.exceptions.flatMap(({ stacktrace }) =>
      stacktrace?.frames ? [stacktrace.frames] : [],
    )
    if (ofExceptions.length > 0) return ofExceptions
    const { stacktrace } = this.#event
    if (stacktrace) return [stacktrace.frames]
    return this.threads.flatMap(({ stacktrace: own }) => (own ? [own.frames] : []))
  }

  #itemsOf(frames: readonly GroupingFrame[]): FrameItem[] {
    const stack: FrameItem[] = []
    for (const [index, frame] of frames.entries()) {
      const facts = factsOf(frame, this.#event.platform ?? "other")
      const short = frame.filename ? { ...facts, path: frame.filename } : facts
      stack.push({ facts, short, inApp: givenInApp(frame), stack, index })
    }
    return stack
  }
}
