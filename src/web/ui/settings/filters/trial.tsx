import { filterNamed } from "#normalize/filters/catalogue.ts"
import type { FilterVerdict } from "#normalize/filters/judge.ts"
import { Banner } from "../../components/feedback/notice.tsx"
import { ForeignText } from "../../components/foreign-text.tsx"
import { Field } from "../../components/forms/field.tsx"
import type { FieldErrors } from "../../components/forms/form.tsx"
import { TrialCard } from "../trial-card.tsx"
import type { FiltersForm } from "./form.ts"

/** What the filters of the form said of an event. */
export type FilterTrial = {
  verdict: FilterVerdict | null
  isTransaction: boolean
  isStored: boolean
}

export function FilterTrialCard(props: {
  form: FiltersForm
  errors: FieldErrors
  trial: FilterTrial | undefined
}) {
  const { form, errors, trial } = props
  return (
    <TrialCard
      sample={form.sample}
      help="The id of an event of this project, or an event as JSON. It is judged by what stands above, saved or not, and is not kept."
      errors={errors}
      result={trial && <TrialResult trial={trial} />}
    >
      <Field
        name="clientAddress"
        label="Address of its sender"
        value={form.clientAddress}
        maxlength={45}
        error={errors.clientAddress}
        help="Asked by the list of addresses alone; events do not remember it."
        verbatim
      />
    </TrialCard>
  )
}

function TrialResult({ trial }: { trial: FilterTrial }) {
  const { verdict, isTransaction, isStored } = trial
  return (
    <>
      {verdict ? (
        <Dropped verdict={verdict} />
      ) : (
        <Banner tone="success">No filter drops it.</Banner>
      )}
      {isTransaction && (
        <p class="muted">It is a transaction, and transactions are not kept yet.</p>
      )}
      {isStored && (
        <p class="muted">What scrubbing hid in it when it was kept cannot be judged any more.</p>
      )}
    </>
  )
}

const MAX_FOUND = 300

function Dropped({ verdict }: { verdict: FilterVerdict }) {
  const { filter, rule, found } = verdict
  return (
    <Banner tone="warning">
      <p>
        It would be dropped: <b>{filterNamed(filter).label}</b> (<code>{filter}</code>).
      </p>
      <p>
        {rule === undefined ? (
          "What gives it away: "
        ) : (
          <>
            The line <code>{rule}</code> matches{" "}
          </>
        )}
        <code class="anywhere">
          <ForeignText text={found} max={MAX_FOUND} />
        </code>
      </p>
    </Banner>
  )
}
