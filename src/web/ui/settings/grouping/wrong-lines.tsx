import { ForeignText } from "../../components/foreign-text.tsx"
import type { Complaint } from "./rules-errors.ts"

/** The lines that are no rules, each with what is wrong from where on. */
export function WrongLines({ text, complaints }: { text: string; complaints: Complaint[] }) {
  const lines = text.split("\n")
  return (
    <>
      {complaints.map(({ line, column, message }) => {
        const written = lines[line - 1] ?? ""
        return (
          <div>
            <p class="anywhere">{`Line ${line}, column ${column}: ${message}.`}</p>
            <ol class="code" start={line} tabindex={0} aria-label={`Line ${line}`}>
              <li data-hit="">
                <ForeignText text={written.slice(0, column - 1)} max={300} />
                <mark>
                  <ForeignText text={written.slice(column - 1) || " "} max={300} />
                </mark>
              </li>
            </ol>
          </div>
        )
      })}
    </>
  )
}
