import { LIMITED_CATEGORIES } from "#options/limits.ts"
import { AppError } from "#platform/errors.ts"
import {
  type LimitedCategory,
  MAX_LIMIT_COUNT,
  MAX_LIMIT_SECONDS,
  type RateLimits,
} from "#protocol/rate-limits.ts"
import { categoryWord } from "../../../outcome-words.ts"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Table } from "../../components/data/table.tsx"
import { Options } from "../../components/forms/field.tsx"
import { type FieldErrors, Form } from "../../components/forms/form.tsx"
import type { FormData } from "../../form-data.ts"

const MIB = 1024 * 1024
const MINUTE = 60

const WINDOWS = [
  { value: "60", label: "a minute" },
  { value: "3600", label: "an hour" },
  { value: "86400", label: "a day" },
]

/** What was typed, by category. */
export type LimitsForm = Partial<Record<LimitedCategory, { count: string; seconds: string }>>

type LimitsCardProps = {
  title: string
  csrf: string
  /** What the page's table of actions knows the form by. */
  action: string
  form: LimitsForm
  categories: readonly LimitedCategory[]
  /** Hours of the last seven days in which each limit was reached. */
  hoursReached: ReadonlyMap<string, number>
  canWrite: boolean
  /** Who may, for those who may not. */
  writers: string
  errors?: FieldErrors | undefined
}

/** A limit a category: how many in how long; and whether it was ever in anybody's way. */
export function LimitsCard(props: LimitsCardProps) {
  const { csrf, action, errors = {}, canWrite } = props
  return (
    <Card title={props.title}>
      <Form
        name={action}
        csrf={csrf}
        errors={errors}
        buttons={
          canWrite ? (
            <Button variant="primary">Save limits</Button>
          ) : (
            <p class="muted">{props.writers} may change this.</p>
          )
        }
      >
        <p class="muted">
          What comes on top is refused with 429, and SDKs keep quiet until the window is over. An
          empty field is no limit.
        </p>
        <Table
          caption={props.title}
          rows={props.categories}
          columns={[
            { head: "What", rowHead: true, cell: (category) => labelOf(category) },
            { head: "At most", cell: (category) => <Count {...props} category={category} /> },
            { head: "In", cell: (category) => <Window {...props} category={category} /> },
            {
              head: "Reached in 7 days",
              cell: (category) => hoursWord(props.hoursReached.get(category) ?? 0),
            },
          ]}
        />
      </Form>
    </Card>
  )
}

type CellProps = LimitsCardProps & { category: LimitedCategory }

function Count({ category, form, errors, canWrite }: CellProps) {
  const name = `count-${category}`
  return (
    <>
      <input
        class="input"
        id={`field-${name}`}
        name={name}
        type="number"
        min={1}
        aria-label={`${labelOf(category)} at most`}
        value={form[category]?.count ?? ""}
        {...(errors?.[name] && { "aria-invalid": "true" as const })}
        {...(!canWrite && { disabled: true })}
      />
      {errors?.[name] && <p class="field-error">{errors[name]}</p>}
    </>
  )
}

function Window({ category, form, canWrite }: CellProps) {
  const seconds = form[category]?.seconds ?? String(MINUTE)
  const own = WINDOWS.some(({ value }) => value === seconds)
    ? []
    : [{ value: seconds, label: `${seconds} s` }]
  return (
    <select
      class="input"
      name={`seconds-${category}`}
      aria-label={`Window for ${labelOf(category)}`}
      {...(!canWrite && { disabled: true })}
    >
      <Options options={[...WINDOWS, ...own]} selected={seconds} />
    </select>
  )
}

function hoursWord(hours: number): string {
  if (hours === 0) return "never"
  return hours === 1 ? "in 1 hour" : `in ${hours} hours`
}

/** People think of attachments in MiB. */
const unitOf = (category: LimitedCategory) => (category === "attachment" ? MIB : 1)

function labelOf(category: LimitedCategory): string {
  return category === "attachment" ? "Attachments, in MiB" : categoryWord(category)
}

export function limitsFormOf(limits: RateLimits): LimitsForm {
  const fields = Object.entries(limits).map(([category, { count, windowSeconds }]) => [
    category,
    {
      count: String(count / unitOf(category as LimitedCategory)),
      seconds: String(windowSeconds),
    },
  ])
  return Object.fromEntries(fields)
}

export function readLimitsForm(data: FormData): LimitsForm {
  const fields = LIMITED_CATEGORIES.map((category) => [
    category,
    { count: data.text(`count-${category}`), seconds: data.text(`seconds-${category}`) },
  ])
  return Object.fromEntries(fields)
}

/** Throws `invalid` naming the field. */
export function limitsIn(form: LimitsForm): RateLimits {
  const limits: RateLimits = {}
  for (const category of LIMITED_CATEGORIES) {
    const { count = "", seconds = "" } = form[category] ?? {}
    if (count === "") continue
    const field = `count-${category}`
    limits[category] = {
      count: Math.round(
        positive(count, MAX_LIMIT_COUNT / unitOf(category), field) * unitOf(category),
      ),
      windowSeconds: whole(seconds || String(MINUTE), MAX_LIMIT_SECONDS, field),
    }
  }
  return limits
}

function whole(text: string, max: number, field: string): number {
  const number = positive(text, max, field)
  if (Number.isInteger(number)) return number
  throw unusable(field)
}

function positive(text: string, max: number, field: string): number {
  const number = Number(text)
  if (number > 0 && number <= max && (Number.isInteger(number) || field === "count-attachment")) {
    return number
  }
  throw unusable(field)
}

function unusable(field: string): AppError {
  return new AppError("invalid", "Write a whole number above 0, or nothing for no limit.", {
    field,
  })
}
