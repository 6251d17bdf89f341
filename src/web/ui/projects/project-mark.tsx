import { platformOf } from "#projects/platforms.ts"

/** The platform as two letters: brand marks are not ours to show. */
export function PlatformMark({ platform }: { platform: string }) {
  const { label, mark } = platformOf(platform)
  return (
    <span class="platform-mark" title={label} aria-hidden="true">
      {mark}
    </span>
  )
}
