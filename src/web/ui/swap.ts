/**
 * Attributes for a link or GET form that works without script: with htmx it fetches the same address and puts only the
 * region with this id in place, keeping scroll and focus elsewhere. `{}` for null.
 */
export function swapRegion(id: string | null | undefined): Record<string, string> {
  if (!id) return {}
  const selector = `#${id}`
  return {
    "hx-boost": "true",
    "hx-target": selector,
    "hx-select": selector,
    "hx-swap": "outerHTML",
  }
}
