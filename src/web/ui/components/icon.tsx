import { assetUrl } from "../assets.ts"
import type { IconName } from "./icon-names.ts"

/** Decoration beside a word; give `label` when it stands alone. */
export function Icon({ name, label }: { name: IconName; label?: string }) {
  const shape = <use href={`${assetUrl("icons.svg")}#${name}`} />
  return label ? (
    <svg class="icon" viewBox="0 0 24 24" width="16" height="16" role="img" aria-label={label}>
      {shape}
    </svg>
  ) : (
    <svg class="icon" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
      {shape}
    </svg>
  )
}

/** The lit frame: a pile of lines of which one is yours. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
      <rect x="3" y="3" width="14" height="3" rx="1.5" />
      <rect x="3" y="8" width="11" height="3" rx="1.5" />
      <rect x="3" y="18" width="13" height="3" rx="1.5" />
      <rect class="lit" x="8" y="13" width="13" height="3" rx="1.5" />
    </svg>
  )
}
