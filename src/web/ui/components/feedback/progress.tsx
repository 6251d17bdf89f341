export function Progress(props: { label: string; value: number; max: number }) {
  return (
    <div class="field">
      <span class="field-label">{props.label}</span>
      <progress class="progress" value={props.value} max={props.max} aria-label={props.label}>
        {`${props.value} of ${props.max}`}
      </progress>
    </div>
  )
}
