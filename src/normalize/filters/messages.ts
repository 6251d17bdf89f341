import type { Exception, NormalizedEvent } from "../event.ts"

/** Of all texts of an event together; a whole one more than that is not begun. */
const MAX_CHARACTERS = 16_384

/** What globs for error messages are held against. */
export function messagesOf({ logentry, exception }: NormalizedEvent): string[] {
  const texts: string[] = []
  const message = logentry?.formatted ?? logentry?.message
  if (message) texts.push(message)
  let characters = message?.length ?? 0
  for (const each of exception?.values ?? []) {
    if (characters > MAX_CHARACTERS) break
    const text = exceptionText(each)
    characters += text.length
    texts.push(text)
  }
  return texts
}

/** `Type: value`, or the one of them that there is. */
export function exceptionText({ type = "", value = "" }: Exception): string {
  return type && value ? `${type}: ${value}` : type || value
}
