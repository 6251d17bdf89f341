import { Hono } from "hono"
import type { App } from "#app.ts"
import type { WebEnv } from "../context.ts"
import { acceptRoutes } from "./accounts/accept-routes.tsx"
import { accountRoutes } from "./accounts/account-routes.tsx"
import { loginRoutes } from "./accounts/login-routes.tsx"
import { recoverRoutes } from "./accounts/recover-routes.tsx"
import { userTokenRoutes } from "./accounts/token-routes.tsx"
import { feedbackRoutes } from "./feedback/routes.tsx"
import { homeRoutes, shortLinkRoutes } from "./home-routes.ts"
import { issueDetailRoutes } from "./issues/detail/routes.tsx"
import { issueStreamRoutes } from "./issues/stream/routes.tsx"
import { manageRoutes } from "./manage/routes.tsx"
import { projectRoutes } from "./projects/routes.tsx"
import { releaseRoutes } from "./releases/routes.tsx"
import { authTokenRoutes } from "./settings/auth-tokens-routes.tsx"
import { debugFileRoutes } from "./settings/debug-files/routes.tsx"
import { filterRoutes } from "./settings/filters/routes.tsx"
import { groupingRoutes } from "./settings/grouping/routes.tsx"
import { loaderRoutes } from "./settings/keys/loader-routes.tsx"
import { keyRoutes } from "./settings/keys/routes.tsx"
import { limitRoutes } from "./settings/limits/routes.tsx"
import { organizationSettingsRoutes } from "./settings/organization-routes.tsx"
import { memberRoutes } from "./settings/people/members-routes.tsx"
import { teamRoutes } from "./settings/people/teams-routes.tsx"
import { projectSettingsRoutes } from "./settings/project-routes.tsx"
import { privacyRoutes } from "./settings/scrubbing/routes.tsx"
import { sourceMapRoutes } from "./settings/source-maps/routes.tsx"
import { setupRoutes } from "./setup/routes.tsx"
import { statsRoutes } from "./stats/routes.tsx"
import { styleGuideRoutes } from "./style-guide/routes.tsx"

/** The table of contents of the pages: one line a room. Each room's `routes.tsx` holds full paths. */
export function uiRoutes(app: App): Hono<WebEnv> {
  return (
    new Hono<WebEnv>()
      // Before the issues: an old address of it looks like one.
      .route("/", feedbackRoutes(app))
      .route("/", issueStreamRoutes(app))
      .route("/", issueDetailRoutes(app))
      .route("/", homeRoutes(app))
      .route("/", setupRoutes(app))
      .route("/", loginRoutes(app))
      .route("/", recoverRoutes(app))
      .route("/", acceptRoutes(app))
      .route("/", accountRoutes(app))
      .route("/", userTokenRoutes(app))
      .route("/", manageRoutes(app))
      .route("/", styleGuideRoutes(app))
      .route("/", projectRoutes(app))
      .route("/", releaseRoutes(app))
      .route("/", statsRoutes(app))
      .route("/", memberRoutes(app))
      .route("/", teamRoutes(app))
      .route("/", authTokenRoutes(app))
      .route("/", projectSettingsRoutes(app))
      .route("/", privacyRoutes(app))
      .route("/", keyRoutes(app))
      .route("/", groupingRoutes(app))
      .route("/", limitRoutes(app))
      .route("/", filterRoutes(app))
      .route("/", loaderRoutes(app))
      .route("/", sourceMapRoutes(app))
      .route("/", debugFileRoutes(app))
      .route("/", organizationSettingsRoutes(app))
      // "/:org/…" matches anything.
      .route("/", shortLinkRoutes())
  )
}
