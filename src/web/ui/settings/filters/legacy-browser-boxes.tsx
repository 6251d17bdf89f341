import { LEGACY_BROWSERS } from "#normalize/filters/legacy-browsers.ts"

/** A box for every line between old and current browsers; the field is `legacyBrowsers`. */
export function LegacyBrowserBoxes({ chosen }: { chosen: readonly string[] }) {
  const old = LEGACY_BROWSERS.filter(({ isOld }) => isOld)
  return (
    <>
      <Boxes lines={LEGACY_BROWSERS.filter(({ isOld }) => !isOld)} chosen={chosen} />
      <details class="more" {...(old.some(({ id }) => chosen.includes(id)) && { open: true })}>
        <summary>Where earlier versions of Sentry drew the line</summary>
        <Boxes lines={old} chosen={chosen} />
      </details>
    </>
  )
}

function Boxes(props: { lines: typeof LEGACY_BROWSERS; chosen: readonly string[] }) {
  return (
    <div class="browser-boxes">
      {props.lines.map(({ id, label }) => (
        <label class="check">
          <input
            type="checkbox"
            name="legacyBrowsers"
            value={id}
            {...(props.chosen.includes(id) && { checked: true })}
          />
          {label}
        </label>
      ))}
    </div>
  )
}
