import type { NormalizedEvent } from "#normalize/event.ts"
import { tagsOf } from "#normalize/event-tags.ts"
import { urls } from "#urls.ts"
import { ForeignText } from "../../../components/foreign-text.tsx"
import { tagQuery } from "../lists/tag-query.ts"

/** What is asked first about an error; of a line the first tag that the event has. */
const LINES: readonly [label: string, keys: readonly string[]][] = [
  ["Environment", ["environment"]],
  ["Release", ["release"]],
  ["URL", ["url"]],
  ["Transaction", ["transaction"]],
  ["User", ["user"]],
  ["Browser", ["browser"]],
  ["Device", ["device"]],
  ["Runtime", ["runtime"]],
  ["OS", ["os", "client_os"]],
  ["Server", ["server_name"]],
]
const MAX_LINES = 8

/** Up to eight facts of the event above everything else, each leading to the issues that share it. */
export function Highlights({ event, org }: { event: NormalizedEvent; org: string }) {
  const tags = new Map(tagsOf(event))
  const facts = LINES.flatMap(([label, keys]) => {
    const key = keys.find((each) => tags.has(each))
    return key === undefined ? [] : [{ label, key, value: tags.get(key) ?? "" }]
  }).slice(0, MAX_LINES)
  if (facts.length === 0) return null
  return (
    <section class="card highlights" id="highlights" aria-label="Highlights">
      <dl>
        {facts.map(({ label, key, value }) => (
          <div>
            <dt>{label}</dt>
            <dd>
              <a href={issuesWith(org, key, value)}>
                <ForeignText text={value} max={120} />
              </a>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** Every issue with an event that has this tag. */
export function issuesWith(org: string, key: string, value: string): string {
  return `${urls.issues(org)}?query=${encodeURIComponent(tagQuery(key, value))}`
}
