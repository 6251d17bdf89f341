import type { Child } from "hono/jsx"
import { AloneLayout } from "../layout.tsx"

const STEPS = [
  { id: "administrator", label: "Administrator" },
  { id: "address", label: "Address" },
  { id: "mail", label: "Mail" },
  { id: "project", label: "First project" },
  { id: "event", label: "First event" },
] as const

export type WizardStep = (typeof STEPS)[number]["id"]

export function SetupLayout(props: { step: WizardStep; title: string; children: Child }) {
  const current = STEPS.findIndex(({ id }) => id === props.step)
  return (
    <AloneLayout title={`Set up: ${props.title}`} width="wide">
      <ol class="steps" aria-label="Steps">
        {STEPS.map((step, index) => (
          <li
            {...(index < current && { "data-done": true })}
            {...(index === current && { "aria-current": "step" })}
          >
            {step.label}
          </li>
        ))}
      </ol>
      <h1>{props.title}</h1>
      {props.children}
    </AloneLayout>
  )
}
