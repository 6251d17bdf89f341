import base from "./css/base.css" with { type: "text" }
import badge from "./css/components/badge.css" with { type: "text" }
import button from "./css/components/button.css" with { type: "text" }
import card from "./css/components/card.css" with { type: "text" }
import chart from "./css/components/chart.css" with { type: "text" }
import code from "./css/components/code.css" with { type: "text" }
import field from "./css/components/field.css" with { type: "text" }
import frame from "./css/components/frame.css" with { type: "text" }
import kv from "./css/components/kv.css" with { type: "text" }
import menu from "./css/components/menu.css" with { type: "text" }
import notice from "./css/components/notice.css" with { type: "text" }
import table from "./css/components/table.css" with { type: "text" }
import layout from "./css/layout.css" with { type: "text" }
import feedback from "./css/pages/feedback.css" with { type: "text" }
import filters from "./css/pages/filters.css" with { type: "text" }
import issue from "./css/pages/issue.css" with { type: "text" }
import projects from "./css/pages/projects.css" with { type: "text" }
import releases from "./css/pages/releases.css" with { type: "text" }
import scrubbing from "./css/pages/scrubbing.css" with { type: "text" }
import stats from "./css/pages/stats.css" with { type: "text" }
import stream from "./css/pages/stream.css" with { type: "text" }
import styleGuide from "./css/pages/style-guide.css" with { type: "text" }
import print from "./css/print.css" with { type: "text" }
import reset from "./css/reset.css" with { type: "text" }
import tokens from "./css/tokens.css" with { type: "text" }
import utilities from "./css/utilities.css" with { type: "text" }

const LAYERS = "@layer reset, tokens, base, layout, components, pages, utilities;"

/**
 * The whole stylesheet. Text is joined, never compiled: Bun's CSS transform rewrites light-dark() into variables
 * that do not follow the system's theme.
 */
export const stylesheet = [
  LAYERS,
  ...[reset, tokens, base, layout],
  ...[button, badge, field, card, table, kv, code, frame, chart, menu, notice],
  ...[stream, issue, feedback, projects, releases, stats, filters, scrubbing, styleGuide],
  ...[utilities, print],
].join("\n")
