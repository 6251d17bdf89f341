import { urls } from "#urls.ts"
import { type ReasonSwitch, reasonOf } from "../../outcome-words.ts"

/** A reason in words, with the setting that causes it or what to do about it. */
export function ReasonWords(props: {
  outcome: string
  reason: string
  org: string
  /** null: several, so that there is no one page to go to. */
  project: string | null
}) {
  const { outcome, reason, org, project } = props
  const { words, switch: cause, hint } = reasonOf(outcome, reason)
  const link = cause && linkTo(cause, org, project)
  return (
    <>
      {words}
      {link && (
        <>
          {" · "}
          <a href={link.href}>{link.label}</a>
        </>
      )}
      {hint && <span class="muted">{` · ${hint}`}</span>}
    </>
  )
}

function linkTo(cause: ReasonSwitch, org: string, project: string | null) {
  if (project === null && cause !== "organization-limits") return null
  const of = project ?? ""
  switch (cause) {
    case "organization-limits":
      return { label: "Rate limits", href: urls.organizationLimits(org) }
    case "keys":
      return { label: "Keys", href: urls.projectKeys(org, of) }
    case "project-limits":
      return { label: "Rate limits", href: urls.projectLimits(org, of) }
    case "filters":
      return { label: "Inbound filters", href: urls.projectFilters(org, of) }
    case "general":
      return { label: "Allowed domains", href: urls.projectSettings(org, of) }
  }
}
