import type { App } from "#app.ts"
import { publicAddress } from "#config.ts"
import { explainEvent } from "#symbolication/explain.ts"
import { explainDebugFiles } from "#symbolication/explain-debug-files.ts"
import type { WebContext } from "../../../../context.ts"
import { shellOf } from "../../../shell.ts"
import { findStored } from "../event/routes.tsx"
import { frameOf } from "../frame-of.ts"
import { SourceMapsOfEventPage } from "./page.tsx"

export async function showSourceMaps(app: App, c: WebContext) {
  const frame = await frameOf(app, c)
  const stored = await findStored(app, c, frame)
  const { projectId } = frame.issue
  const files = await explainEvent(app, projectId, stored.event)
  const debugFiles = await explainDebugFiles(app.sql, projectId, stored.event)
  return c.html(
    <SourceMapsOfEventPage
      shell={shellOf(app, c)}
      org={c.var.membership.slug}
      frame={frame}
      eventId={stored.eventId}
      files={files}
      debugFiles={debugFiles}
      address={publicAddress(app.config)}
    />,
  )
}
