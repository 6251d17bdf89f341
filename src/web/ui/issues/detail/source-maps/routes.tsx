import type { App } from "#app.ts"
import { explainEvent } from "#symbolication/explain.ts"
import type { WebContext } from "../../../../context.ts"
import { shellOf } from "../../../shell.ts"
import { findStored } from "../event/routes.tsx"
import { frameOf } from "../frame-of.ts"
import { SourceMapsOfEventPage } from "./page.tsx"

export async function showSourceMaps(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const stored = await findStored(app, c, frame)
  const files = await explainEvent(app, frame.issue.projectId, stored.event)
  return c.html(
    <SourceMapsOfEventPage
      shell={shellOf(app, c)}
      org={c.var.membership.slug}
      frame={frame}
      eventId={stored.eventId}
      files={files}
    />,
  )
}
