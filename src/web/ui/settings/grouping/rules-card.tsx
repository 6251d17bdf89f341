import { Button } from "../../components/button.tsx"
import { Card } from "../../components/card.tsx"
import { Textarea } from "../../components/forms/field.tsx"
import { Form } from "../../components/forms/form.tsx"
import type { RulesErrors } from "./rules-errors.ts"
import { WrongLines } from "./wrong-lines.tsx"

export type RulesForm = { fingerprintRules: string; stackTraceRules: string }

type RulesCardProps = {
  csrf: string
  form: RulesForm
  errors: RulesErrors | null
  canWrite: boolean
}

const ROWS = 8

/** Both texts of rules. Nothing is saved from here: the next page shows what they would do. */
export function RulesCard({ csrf, form, errors, canWrite }: RulesCardProps) {
  return (
    <Card title="Rules" id="rules">
      <Form
        name="rehearse"
        csrf={csrf}
        errors={errors?.fields ?? {}}
        buttons={
          canWrite ? (
            <Button variant="primary">Show what they would do</Button>
          ) : (
            <p class="muted">Admins, managers and owners may change this.</p>
          )
        }
      >
        <fieldset class="stack" {...(!canWrite && { disabled: true })}>
          <Textarea
            name="fingerprintRules"
            label="Fingerprint rules"
            value={form.fingerprintRules}
            rows={ROWS}
            verbatim
            error={errors?.fields.fingerprintRules}
            help={
              <>
                {
                  "Which events are one issue, whatever they look like. One a line, the first that fits wins: "
                }
                <code>
                  {'error.type:DbError message:"*timeout*" -> db-timeout, {{ transaction }}'}
                </code>
              </>
            }
          />
          <WrongLines
            text={form.fingerprintRules}
            complaints={errors?.lines.fingerprintRules ?? []}
          />
          <Textarea
            name="stackTraceRules"
            label="Stack trace rules"
            value={form.stackTraceRules}
            rows={ROWS}
            verbatim
            error={errors?.fields.stackTraceRules}
            help={
              <>
                {"Which frames are the application's and which count. One a line, later ones win: "}
                <code class="rule-example">path:**/generated/** -app -group</code>
              </>
            }
          />
          <WrongLines
            text={form.stackTraceRules}
            complaints={errors?.lines.stackTraceRules ?? []}
          />
        </fieldset>
      </Form>
      <RuleWords />
    </Card>
  )
}

function RuleWords() {
  return (
    <details class="more">
      <summary>What rules can say</summary>
      <dl class="facts">
        <dt>Frames</dt>
        <dd>
          <code>function module path package family app</code>, and <code>category</code> in stack
          trace rules. <code>[ caller ] | frame | [ callee ]</code> asks its neighbours.
        </dd>
        <dt>Exceptions</dt>
        <dd>
          <code>error.type error.value</code>, and <code>error.mechanism</code> in stack trace rules
        </dd>
        <dt>Events</dt>
        <dd>
          <code>message level logger release sdk tags.NAME thread.name thread.crashed</code>, in
          fingerprint rules
        </dd>
        <dt>Patterns</dt>
        <dd>
          <code>* ? [a-z] {"{this,that}"}</code>, quoted when there are blanks in them; in paths{" "}
          <code>*</code> stays within a folder and <code>**</code> does not. <code>!</code> in front
          turns a matcher around.
        </dd>
        <dt>Actions</dt>
        <dd>
          <code>+app -app +group -group category=NAME max-frames=N min-frames=N</code>;{" "}
          <code>^-app</code> is for the frames towards the crash, <code>v-app</code> for those
          towards the start.
        </dd>
        <dt>Fingerprints</dt>
        <dd>
          texts and variables:{" "}
          <code>{"{{ default }} {{ error.type }} {{ message }} {{ function }}"}</code>,{" "}
          <code>{"{{ tags.NAME }}"}</code>; <code>title="…"</code> names the issue.
        </dd>
      </dl>
    </details>
  )
}
