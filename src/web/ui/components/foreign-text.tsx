/**
 * Text that came with an event. Control and direction-changing characters are shown as marks, so that a value can neither
 * reorder nor hide what stands beside it; `max` clamps what a page carries.
 */
export function ForeignText({ text, max = 2_000 }: { text: string; max?: number }) {
  const shown = clamp(text, max)
  const pieces = shown.split(UNSEEN)
  return (
    <bdi>
      {pieces.length === 1
        ? shown
        : pieces.map((piece, index) =>
            index % 2 === 0 ? piece : <span class="unseen">{markOf(piece)}</span>,
          )}
      {text.length > shown.length && "…"}
    </bdi>
  )
}

/** The same for attributes and titles, where no element can stand. */
export function plainText(text: string, max = 300): string {
  const shown = clamp(text, max)
  return shown.replace(EVERY_UNSEEN, markOf) + (text.length > max ? "…" : "")
}

/** Whether anything in it must be shown as a mark. */
export function hasUnseen(text: string): boolean {
  return UNSEEN.test(text)
}

/** C0 and C1 controls but tab and line feed, bidi marks and overrides, zero width characters, BOM, lone surrogates. */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /([\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff]))/
const EVERY_UNSEEN = new RegExp(UNSEEN.source, "g")

function markOf(character: string): string {
  const code = character.charCodeAt(0)
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`
}

/** Never cuts between the halves of a surrogate pair. */
function clamp(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max)
}
