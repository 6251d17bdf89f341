import { PLATFORMS } from "#projects/platforms.ts"
import { PlatformMark } from "./project-mark.tsx"

/** The grid of platforms: radio buttons, so that it works by keyboard and without script. */
export function PlatformChoice({ chosen }: { chosen: string }) {
  return (
    <fieldset class="field">
      <legend class="field-label">Platform</legend>
      <div class="platforms">
        {PLATFORMS.map((platform) => (
          <label class="platform-choice">
            <input
              type="radio"
              name="platform"
              value={platform.id}
              {...(platform.id === chosen && { checked: true })}
            />
            <PlatformMark platform={platform.id} />
            {platform.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
