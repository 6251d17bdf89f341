import { type Explanation, explain } from "#grouping/decide.ts"
import type { Grouping } from "#grouping/group.ts"
import { compileProjectRules } from "#grouping/rules/project-rules.ts"
import type { IssueDetail } from "#issues/detail-store.ts"
import type { FingerprintInfo, NormalizedEvent } from "#normalize/event.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { ruleTextsOf } from "#projects/settings.ts"
import { urls } from "#urls.ts"
import { Badge } from "../../../components/badge.tsx"
import { Banner } from "../../../components/feedback/notice.tsx"
import { ForeignText } from "../../../components/foreign-text.tsx"
import { GroupingTree } from "./grouping-tree.tsx"
import { Section } from "./section.tsx"

type Variant = Grouping["variants"][number]

const METHODS: Record<Grouping["method"], string> = {
  checksum: "The SDK sent a checksum: events with the same one are one issue.",
  "custom-fingerprint":
    "The SDK or a rule gave a fingerprint: events with the same one are one issue.",
  exception: "Events whose exceptions and stack traces agree in what counts are one issue.",
  stacktrace: "Events whose stack traces agree in what counts are one issue.",
  threads: "Events whose crashed threads agree in what counts are one issue.",
  template: "Events of the same line of the same template are one issue.",
  message: "Events with the same message, numbers and ids aside, are one issue.",
  report: "Reports about the same thing are one issue.",
  fallback: "Nothing in the event tells it from others: all such events are one issue.",
}
const MAX_VALUES = 60

type GroupingSectionProps = {
  event: NormalizedEvent
  issue: Pick<IssueDetail, "id" | "projectSlug" | "projectSettings">
  org: string
  storedHash: string | null
}

/** Why these events are one issue: the method, the values that count and those that do not, and the hashes they make. */
export function GroupingSection({ event, issue, org, storedHash }: GroupingSectionProps) {
  const rules = compileProjectRules(ruleTextsOf(issue.projectSettings))
  const { grouping, passedOver, event: judged } = explain(event, tagsOf(event), rules)
  const { method, variants, fingerprint, hashes } = grouping
  return (
    <Section id="grouping" title="Why is this one issue?" folded>
      <p class="card-body">
        {METHODS[method]}
        {fingerprint === "hybrid" && " A fingerprint divides them further."}{" "}
        <a href={urls.mergedHashes(org, issue.id)}>All fingerprints of this issue</a>
        {" · "}
        <a href={urls.projectGrouping(org, issue.projectSlug)}>Rules of the project</a>
      </p>
      {storedHash && !hashes.includes(storedHash) && <Outdated storedHash={storedHash} />}
      <RuleNote info={judged._fingerprint_info} />
      {variants.map((variant) => (
        <VariantView variant={variant} />
      ))}
      {passedOver.map(({ strategy, component }) => (
        <details class="fold">
          <summary>
            {strategy} <span class="muted">{`(the ${method} takes precedence)`}</span>
          </summary>
          <div class="card-body grouping">
            <GroupingTree component={{ ...component, contributes: false }} />
          </div>
        </details>
      ))}
    </Section>
  )
}

function Outdated({ storedHash }: { storedHash: string }) {
  return (
    <Banner>
      {"This event came here by the hash "}
      <code>{storedHash}</code>
      {", by the rules of that time. With today's rules it gets the hashes below."}
    </Banner>
  )
}

function RuleNote({ info }: { info: Explanation["event"]["_fingerprint_info"] }) {
  if (!info) return null
  const { matched_rule: rule, client_fingerprint: given } = info as FingerprintInfo
  return (
    <div class="card-body">
      <p>
        {rule.is_builtin ? "A built-in rule" : "A rule of the project"}
        {" gave the fingerprint: "}
        <code>
          <ForeignText text={rule.text} max={500} />
        </code>
      </p>
      {given && (
        <p class="muted">
          {"The SDK had sent "}
          <ForeignText text={given.join(", ")} max={300} />
        </p>
      )}
    </div>
  )
}

function VariantView({ variant }: { variant: Variant }) {
  return (
    <details class="fold" {...(variant.contributes && { open: true })}>
      <summary>
        {variant.name.replaceAll("-", " ")}{" "}
        {variant.contributes ? (
          <Badge tone="success">counts</Badge>
        ) : (
          <span class="muted">{`(${variant.hint ?? "does not count"})`}</span>
        )}
      </summary>
      <div class="card-body grouping">
        {variant.contributes && variant.hash && (
          <p>
            Hash <code>{variant.hash}</code>
          </p>
        )}
        {variant.values && variant.values.length > 0 && (
          <ul>
            {variant.values.slice(0, MAX_VALUES).map((value) => (
              <li class="mono">
                <ForeignText text={value} max={300} />
              </li>
            ))}
          </ul>
        )}
        {variant.component && <GroupingTree component={variant.component} />}
      </div>
    </details>
  )
}
