/** Initials on one of six hues that carry their text at 4.5:1 or better; the hue follows the name. */
export function Avatar({ name, shape = "person" }: { name: string; shape?: "person" | "team" }) {
  return (
    <span class="avatar" data-hue={hueOf(name)} data-shape={shape} role="img" aria-label={name}>
      <span aria-hidden="true">{initialsOf(name)}</span>
    </span>
  )
}

function initialsOf(name: string): string {
  const words = name
    .replace(/^#/, "")
    .split(/[\s._@-]+/)
    .filter(Boolean)
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? "")
  return letters.join("").toUpperCase() || "?"
}

function hueOf(name: string): number {
  let sum = 0
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 6007
  return sum % 6
}
