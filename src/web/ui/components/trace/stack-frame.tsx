import type { Frame } from "#normalize/event.ts"
import { metaAt } from "#normalize/meta.ts"
import { isUnmapped } from "#symbolication/javascript/eligible-frame.ts"
import { isUnnamed } from "#symbolication/native/name-frames.ts"
import { Badge } from "../badge.tsx"
import { Button } from "../button.tsx"
import { KeyValueTable } from "../data/key-value.tsx"
import { ForeignText, plainText } from "../foreign-text.tsx"
import { CodeBlock } from "./code-block.tsx"
import { languageOf } from "./language.ts"
import { type NativeFacts, nativeFacts } from "./native-frame.ts"
import type { TraceSource } from "./stacktrace.tsx"

const CONTEXT_LINES = 5
const MAX_COPIED_CHARACTERS = 300

type StackFrameProps = {
  frame: Frame
  id: string
  isOpen: boolean
  /** How often the same frame repeats right after another (recursion). */
  times: number
  source: TraceSource
}

/** One call: where it was, and behind it the source, the variables and, of native code, the addresses. */
export function StackFrame({ frame, id, isOpen, times, source }: StackFrameProps) {
  const native = nativeFacts(frame, source.images)
  const app = frame.in_app === true && { "data-app": "" }
  const copied = frame.in_app && frame.lineno !== undefined ? copyText(frame) : null
  const line = (
    <>
      <span class="frame-where" {...(copied && { id, "data-copy-text": copied })}>
        <FrameName frame={frame} native={native} />
      </span>
      {times > 1 && <Badge>{`called ${times} times`}</Badge>}
      {native && !native.hasName && <Badge tone="warning">no symbols</Badge>}
      {frame.in_app && <Badge tone="info">app</Badge>}
    </>
  )
  if (frame.context_line === undefined && !frame.vars && !native) {
    return (
      <>
        <div class="frame-line" {...app}>
          {line}
        </div>
        <WhyUnmapped frame={frame} source={source} />
      </>
    )
  }
  return (
    <details class="frame" {...app} {...(isOpen && { open: true })}>
      <summary>{line}</summary>
      {copied && <CopyPlace id={id} text={copied} />}
      <FrameSource frame={frame} source={source} />
      <WhyUnmapped frame={frame} source={source} />
      {frame.vars && (
        <KeyValueTable
          caption="Variables"
          rows={Object.entries(frame.vars)}
          meta={metaAt(source.notes.get(frame), "vars")}
        />
      )}
      {native && <KeyValueTable caption="Addresses" rows={native.rows} />}
    </details>
  )
}

/** Not in the summary: what presses must not stand within what presses. */
function WhyUnmapped({ frame, source }: Pick<StackFrameProps, "frame" | "source">) {
  const { sourceMapsHref, platform } = source
  if (sourceMapsHref === null) return null
  const isNameless = isUnnamed(frame)
  if (!isNameless && !isUnmapped(frame, platform)) return null
  return (
    <p class="frame-note">
      <a href={sourceMapsHref}>{isNameless ? "Not named: why?" : "Not mapped: why?"}</a>
    </p>
  )
}

/** Stands at the end of the line once the frame is open. */
function CopyPlace({ id, text }: { id: string; text: string }) {
  return (
    <span class="frame-copy">
      <Button copies={`#${id}`} size="small" variant="quiet" icon="copy" label={`Copy ${text}`} />
    </span>
  )
}

function FrameName({ frame, native }: { frame: Frame; native: NativeFacts | null }) {
  return (
    <>
      {native && <span class="frame-address">{native.address}</span>}
      <ForeignText text={placeOf(frame, native)} max={300} />
      {frame.function && (
        <>
          {" in "}
          <b>
            <ForeignText text={frame.function} max={300} />
          </b>
        </>
      )}
      {frame.lineno !== undefined && ` at line ${frame.lineno}`}
      {frame.colno !== undefined && `:${frame.colno}`}
    </>
  )
}

/** Native code is known by its image; elsewhere the file is what people look for. */
function placeOf(frame: Frame, native: NativeFacts | null): string {
  const file = frame.filename ?? frame.module ?? frame.abs_path
  return file ?? native?.image ?? frame.package ?? "(unknown)"
}

function positionOf(frame: Frame): string {
  return [frame.lineno, frame.colno]
    .filter((part) => part !== undefined)
    .map((part) => `:${part}`)
    .join("")
}

/** `app/billing/invoice.py:120`: what editors open. */
function copyText(frame: Frame): string {
  const file = frame.filename ?? frame.abs_path ?? frame.module ?? ""
  return plainText(file, MAX_COPIED_CHARACTERS) + positionOf(frame)
}

function FrameSource({ frame, source }: { frame: Frame; source: TraceSource }) {
  if (frame.context_line === undefined) return null
  const before = (frame.pre_context ?? []).slice(-CONTEXT_LINES)
  const after = (frame.post_context ?? []).slice(0, CONTEXT_LINES)
  const start = Math.max(1, (frame.lineno ?? 1) - before.length)
  return (
    <CodeBlock
      lines={[...before, frame.context_line, ...after]}
      start={start}
      hit={start + before.length}
      language={languageOf(frame.filename ?? frame.abs_path, frame.platform ?? source.platform)}
      budget={source.budget}
    />
  )
}
