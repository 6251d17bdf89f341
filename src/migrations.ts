import type { Migration } from "#platform/migrate.ts"
import type { PartitionedTable } from "#platform/partitions.ts"
import accounts from "#sql/0001_accounts.sql" with { type: "text" }
import projects from "#sql/0002_projects.sql" with { type: "text" }
import releases from "#sql/0003_releases.sql" with { type: "text" }
import issues from "#sql/0004_issues.sql" with { type: "text" }
import events from "#sql/0005_events.sql" with { type: "text" }
import alerts from "#sql/0006_alerts.sql" with { type: "text" }
import stats from "#sql/0007_stats.sql" with { type: "text" }
import limitsVerdicts from "#sql/0008_limits_verdicts.sql" with { type: "text" }
import attachmentsFeedback from "#sql/0009_attachments_feedback.sql" with { type: "text" }
import tagDeltasSetAside from "#sql/0013_tag_deltas_set_aside.sql" with { type: "text" }
import regrouping from "#sql/0014_regrouping.sql" with { type: "text" }
import artifacts from "#sql/0015_artifacts.sql" with { type: "text" }
import remappings from "#sql/0016_remappings.sql" with { type: "text" }
import commitsDeploys from "#sql/0017_commits_deploys.sql" with { type: "text" }
import lifecycle from "#sql/0018_lifecycle.sql" with { type: "text" }
import debugFiles from "#sql/0019_debug_files.sql" with { type: "text" }
import resolutions from "#sql/0020_resolutions.sql" with { type: "text" }
import releasePages from "#sql/0021_release_pages.sql" with { type: "text" }
import paces from "#sql/0022_paces.sql" with { type: "text" }
import ruleChangeTimes from "#sql/0024_rule_change_times.sql" with { type: "text" }
import remappingProgress from "#sql/0025_remapping_progress.sql" with { type: "text" }

export const migrations: readonly Migration[] = [
  { name: "0001_accounts", sql: accounts },
  { name: "0002_projects", sql: projects },
  { name: "0003_releases", sql: releases },
  { name: "0004_issues", sql: issues },
  { name: "0005_events", sql: events },
  { name: "0006_alerts", sql: alerts },
  { name: "0007_stats", sql: stats },
  { name: "0008_limits_verdicts", sql: limitsVerdicts },
  { name: "0009_attachments_feedback", sql: attachmentsFeedback },
  { name: "0013_tag_deltas_set_aside", sql: tagDeltasSetAside },
  { name: "0014_regrouping", sql: regrouping },
  { name: "0015_artifacts", sql: artifacts },
  { name: "0016_remappings", sql: remappings },
  { name: "0017_commits_deploys", sql: commitsDeploys },
  { name: "0018_lifecycle", sql: lifecycle },
  { name: "0019_debug_files", sql: debugFiles },
  { name: "0020_resolutions", sql: resolutions },
  { name: "0021_release_pages", sql: releasePages },
  { name: "0022_paces", sql: paces },
  { name: "0024_rule_change_times", sql: ruleChangeTimes },
  { name: "0025_remapping_progress", sql: remappingProgress },
]

/** What grows with traffic: one partition a UTC day, made ahead of time, dropped whole. */
export const partitionedTables = {
  events: { name: "events", column: "received_day", type: "date" },
  attachments: { name: "attachments", column: "received_day", type: "date" },
  consumed: { name: "consumed", column: "received_day", type: "date" },
  // Counters: room on the page lets an hour's updates stay HOT.
  issueHours: {
    name: "issue_hours",
    column: "hour",
    type: "timestamptz",
    storage: "fillfactor = 80",
  },
  releaseHours: {
    name: "release_hours",
    column: "hour",
    type: "timestamptz",
    storage: "fillfactor = 80",
  },
  outcomeHours: {
    name: "outcome_hours",
    column: "hour",
    type: "timestamptz",
    storage: "fillfactor = 80",
  },
} as const satisfies Record<string, PartitionedTable>
