import {
  MAX_RULES,
  METHOD_LABELS,
  METHODS,
  RULE_TYPES,
  TYPE_LABELS,
} from "#normalize/scrub/rules/rule.ts"
import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Field, Select } from "../../components/forms/field.tsx"
import type { FieldErrors } from "../../components/forms/form.tsx"
import { nameOfPart, type RuleForm } from "./scrub-form.ts"

type RulesCardProps = { rules: readonly RuleForm[]; errors: FieldErrors; canWrite: boolean }

/** The list of rules. Rows are added and removed by the server, so that it works without script. */
export function RulesCard({ rules, errors, canWrite }: RulesCardProps) {
  return (
    <Card title="Advanced rules" id="rules">
      <div class="form">
        <p class="muted">
          Rules come before the switches and lists above, one after the other; they also work when
          those are off. The event page says which rule changed a value.
        </p>
        {rules.length === 0 && <p>There are no rules yet.</p>}
        {rules.map((rule, index) => (
          <RuleRow rule={rule} index={index} errors={errors} canWrite={canWrite} />
        ))}
        {canWrite && rules.length < MAX_RULES && (
          <div class="form-actions">
            <Button name="action" value="add" icon="plus" formaction="#rules">
              Add a rule
            </Button>
          </div>
        )}
        <SourceHelp />
      </div>
    </Card>
  )
}

function RuleRow(props: { rule: RuleForm; index: number; errors: FieldErrors; canWrite: boolean }) {
  const { rule, index, errors } = props
  const part = (name: keyof RuleForm, label: string) => ({
    name: nameOfPart(index, name),
    label,
    value: rule[name],
    error: errors[nameOfPart(index, name)],
  })
  return (
    <fieldset class="scrub-rule">
      <legend>{`Rule ${index + 1}`}</legend>
      <Select
        {...part("method", "Method")}
        options={METHODS.map((value) => ({ value, label: METHOD_LABELS[value] }))}
      />
      <Select
        {...part("type", "What")}
        options={RULE_TYPES.map((value) => ({ value, label: TYPE_LABELS[value] }))}
      />
      <Field {...part("source", "Source")} maxlength={500} verbatim />
      <div class="scrub-pattern">
        <Field
          {...part("pattern", "Regular expression")}
          maxlength={500}
          placeholder="order-([0-9]+)"
          verbatim
        />
      </div>
      <div class="scrub-text">
        <Field {...part("text", "Replacement")} maxlength={100} placeholder="[Filtered]" verbatim />
      </div>
      {props.canWrite && (
        <Button
          name="action"
          value={`remove-${index}`}
          variant="quiet"
          icon="trash-2"
          label={`Remove rule ${index + 1}`}
          formaction="#rules"
        >
          Remove
        </Button>
      )}
    </fieldset>
  )
}

const SOURCES: [source: string, meaning: string][] = [
  ["$string", "every text that may be about people"],
  ["$user.email", "a field of the user"],
  ["extra.foo || request.data.**", "one or the other, with all below it"],
  ["**.password", "a field of this name, anywhere"],
  ["$frame.vars.*", "variables of stack frames"],
  ["$http.headers.x-foo", "a header; upper and lower case are one"],
  ["$string && !$user.**", "texts outside the user"],
  [
    "tags.customer",
    "a tag: tags, transactions and addresses of pages are only changed where they are named",
  ],
  ["$attachments.*.filename", "names of attached files; what is in them stays as it is"],
  ["extra.'a key'", "names with other characters stand in quotes"],
]

function SourceHelp() {
  return (
    <details class="more">
      <summary>How to write a source</summary>
      <dl class="scrub-sources">
        {SOURCES.map(([source, meaning]) => (
          <>
            <dt>
              <code>{source}</code>
            </dt>
            <dd>{meaning}</dd>
          </>
        ))}
      </dl>
      <p class="muted">
        Regular expressions are those of RE2: without look-around and back references, so that no
        event can hold them up. Of an expression with a group only the group is changed;{" "}
        <code>(?i)</code> in front makes upper and lower case one.
      </p>
    </details>
  )
}
