/** Values that stand as they are in a search; anything else is quoted. */
const PLAIN = /^[\w.@/:+-]+$/

/** The search for one tag's value: `browser.name:Firefox`, `url:"https://shop.test/a b"`. */
export function tagQuery(key: string, value: string): string {
  if (value === "") return `!has:${key}`
  const isPlain = PLAIN.test(value) && !value.includes("*")
  return `${key}:${isPlain ? value : `"${value.replace(/["\\]/g, "\\$&")}"`}`
}
