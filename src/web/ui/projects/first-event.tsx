import type { FirstEvent } from "#projects/overview-store.ts"
import { urls } from "#urls.ts"
import { outcomeWord, reasonOf } from "../../outcome-words.ts"
import { ButtonLink } from "../components/button.tsx"
import { Banner } from "../components/feedback/notice.tsx"
import { ForeignText } from "../components/foreign-text.tsx"

export type FirstEventState = {
  received: FirstEvent | null
  /** What was counted for the project in this hour and the last: told when nothing arrives. */
  outcomes: { outcome: string; reason: string; quantity: number }[]
  /** The person has waited long enough to be told why. */
  isLate: boolean
}

/**
 * Waits for a project's first event. With script it asks again every few seconds, without there is the link; both show
 * this same piece.
 */
export function FirstEventStatus(props: {
  org: string
  project: string
  state: FirstEventState
  /** Where "Check again" leads: this page. */
  path: string
}) {
  const { org, state, path } = props
  if (state.received) {
    return (
      <div id="first-event">
        <Banner tone="success">
          <p>
            Received: <ForeignText text={state.received.title} max={200} />
          </p>
          <ButtonLink href={urls.issue(org, state.received.issueId)} variant="primary">
            Open it
          </ButtonLink>
        </Banner>
      </div>
    )
  }
  const poll = `${path}?part=first-event${state.isLate ? "&late=1" : ""}`
  return (
    <div
      id="first-event"
      hx-get={poll}
      hx-trigger={state.isLate ? "every 10s" : "every 3s"}
      hx-swap="outerHTML"
    >
      <Banner tone="info">
        <p>Waiting for the first event of {props.project}.</p>
        {state.isLate && <Seen outcomes={state.outcomes} />}
        <p class="row">
          <ButtonLink href={`${path}?late=1`} icon="refresh-cw">
            Check again
          </ButtonLink>
          {state.isLate && (
            <ButtonLink href={urls.whereIsMyEvent(org)} icon="search">
              Where is my event?
            </ButtonLink>
          )}
        </p>
      </Banner>
    </div>
  )
}

function Seen({ outcomes }: { outcomes: FirstEventState["outcomes"] }) {
  if (outcomes.length === 0) {
    return (
      <p>
        Nothing has reached this server with the project's key. Check the DSN, and that the program
        can reach this address.
      </p>
    )
  }
  return (
    <p>
      What arrived in this hour:{" "}
      {outcomes
        .map(({ quantity, outcome, reason }) => {
          const { words } = reasonOf(outcome, reason)
          return `${quantity} ${outcomeWord(outcome).toLowerCase()}${words && ` (${words})`}`
        })
        .join(", ")}
      .
    </p>
  )
}
