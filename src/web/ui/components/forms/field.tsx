import type { Child } from "hono/jsx"
import { Icon } from "../icon.tsx"

type Common = {
  name: string
  label: string
  help?: Child | undefined
  /** What was wrong with it at the last try. */
  error?: string | undefined
  required?: boolean | undefined
  disabled?: boolean | undefined
}

type FieldProps = Common & {
  type?: "text" | "email" | "password" | "url" | "number" | "search" | "datetime-local"
  value?: string | undefined
  placeholder?: string
  autocomplete?: string
  autofocus?: boolean
  inputmode?: "text" | "numeric" | "email" | "url"
  maxlength?: number
  minlength?: number
  min?: number
  max?: number
  pattern?: string
  /** Id of a datalist to choose from. */
  list?: string
  /** Addresses, slugs, keys: a phone must not "correct" them. */
  verbatim?: boolean
}

export function Field({ type = "text", value, verbatim, autofocus, ...props }: FieldProps) {
  const { name, label, help, error, required, disabled, ...rest } = props
  return (
    <Labelled {...props}>
      <input
        class="input"
        type={type}
        {...inputProps({ name, label, help, error, required, disabled })}
        {...(value !== undefined && { value })}
        {...(verbatim && { autocapitalize: "none", autocorrect: "off" })}
        {...(autofocus && { autofocus: true })}
        {...rest}
      />
    </Labelled>
  )
}

type TextareaProps = Common & {
  value?: string
  rows?: number
  placeholder?: string
  draft?: string
  /** Something for machines: every character has its place, and nothing "corrects" it. */
  verbatim?: boolean
}

export function Textarea(props: TextareaProps) {
  return (
    <Labelled {...props}>
      <textarea
        class={props.verbatim ? "input mono" : "input"}
        rows={props.rows ?? 4}
        {...(props.verbatim && { autocapitalize: "none", autocorrect: "off", spellcheck: false })}
        {...inputProps(props)}
        {...(props.placeholder && { placeholder: props.placeholder })}
        {...(props.draft && { "data-draft": props.draft })}
      >
        {props.value ?? ""}
      </textarea>
    </Labelled>
  )
}

export type Option = { value: string; label: string; disabled?: boolean }

export function Select(props: Common & { value?: string; options: readonly Option[] }) {
  return (
    <Labelled {...props}>
      <select class="input" {...inputProps(props)}>
        <Options options={props.options} selected={props.value} />
      </select>
    </Labelled>
  )
}

export function Options(props: { options: readonly Option[]; selected: string | undefined }) {
  return (
    <>
      {props.options.map((option) => (
        <option
          value={option.value}
          {...(option.value === props.selected && { selected: true })}
          {...(option.disabled && { disabled: true })}
        >
          {option.label}
        </option>
      ))}
    </>
  )
}

export function Checkbox(props: Common & { value?: string; checked?: boolean }) {
  return (
    <div class="check">
      <input
        type="checkbox"
        {...inputProps(props)}
        value={props.value ?? "on"}
        {...(props.checked && { checked: true })}
      />
      <label for={idOf(props.name)}>{props.label}</label>
      <Notes {...props} />
    </div>
  )
}

/** One of a few, all in sight. */
export function Radios(
  props: Omit<Common, "required"> & { value?: string; options: readonly Option[] },
) {
  return (
    <fieldset class="field" id={idOf(props.name)}>
      <legend class="field-label">{props.label}</legend>
      {props.options.map((option) => (
        <label class="check">
          <input
            type="radio"
            name={props.name}
            value={option.value}
            {...(option.value === props.value && { checked: true })}
            {...((props.disabled || option.disabled) && { disabled: true })}
          />
          {option.label}
        </label>
      ))}
      <Notes {...props} />
    </fieldset>
  )
}

function Labelled({ children, ...props }: Common & { children: Child }) {
  return (
    <div class="field">
      <label for={idOf(props.name)}>{props.label}</label>
      {children}
      <Notes {...props} />
    </div>
  )
}

function Notes({ name, help, error }: Common) {
  return (
    <>
      {help && (
        <p class="field-help" id={`${idOf(name)}-help`}>
          {help}
        </p>
      )}
      {error && (
        <p class="field-error" id={`${idOf(name)}-error`}>
          <Icon name="circle-alert" />
          {error}
        </p>
      )}
    </>
  )
}

function inputProps({ name, help, error, required, disabled }: Partial<Common> & { name: string }) {
  const described = [help && `${idOf(name)}-help`, error && `${idOf(name)}-error`].filter(Boolean)
  return {
    id: idOf(name),
    name,
    ...(described.length > 0 && { "aria-describedby": described.join(" ") }),
    ...(error && { "aria-invalid": "true" as const }),
    ...(required && { required: true }),
    ...(disabled && { disabled: true }),
  }
}

function idOf(name: string): string {
  return `field-${name}`
}
