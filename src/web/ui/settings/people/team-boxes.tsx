/** Every team of the organization as a box to tick; the field is `teams`. */
export function TeamBoxes(props: {
  /** Slugs. */
  teams: readonly string[]
  chosen: readonly string[]
  disabled?: boolean
}) {
  if (props.teams.length === 0) return null
  return (
    <fieldset class="field" {...(props.disabled && { disabled: true })}>
      <legend class="field-label">Teams</legend>
      {props.teams.map((team) => (
        <label class="check">
          <input
            type="checkbox"
            name="teams"
            value={team}
            {...(props.chosen.includes(team) && { checked: true })}
          />
          #{team}
        </label>
      ))}
    </fieldset>
  )
}
