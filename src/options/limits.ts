import { counts, stored, whole } from "#platform/options/option.ts"
import { DAY_SECONDS, INT } from "./bounds.ts"

/** What limits can be set for, in the words of rate-limit headers; attachments are counted in bytes. */
export const LIMITED_CATEGORIES = [
  "error",
  "transaction",
  "attachment",
  "session",
  "feedback",
  "monitor",
  "log_item",
  "span",
  "profile",
  "replay",
  "trace_metric",
] as const

/** How much is taken in. */
export const limits = {
  "quota.instance-default": stored(
    counts({}, LIMITED_CATEGORIES, "Items of the whole installation in one window, by category."),
  ),
  "quota.organization-default": stored(
    whole(0, [0, INT], "Errors of an organization in one window; 0 = no limit."),
  ),
  "quota.project-default": stored(
    whole(0, [0, INT], "Errors of a project in one window; 0 = no limit."),
  ),
  "quota.key-default": stored(
    whole(0, [0, INT], "Errors of a key without a limit of its own in one window; 0 = no limit."),
  ),
  "quota.window-seconds": stored(whole(60, [1, DAY_SECONDS], "Length of that window.")),
  "project-abuse-quota.window": stored(
    whole(10, [1, 3600], "Seconds over which the limits below are averaged."),
  ),
  "project-abuse-quota.error-limit": stored(
    whole(0, [0, INT], "Errors of a project a second; 0 = no limit."),
  ),
  "project-abuse-quota.transaction-limit": stored(
    whole(0, [0, INT], "Transactions of a project a second; 0 = no limit."),
  ),
  "project-abuse-quota.attachment-limit": stored(
    whole(0, [0, INT], "Bytes of attachments of a project a second; 0 = no limit."),
  ),
  "project-abuse-quota.session-limit": stored(
    whole(0, [0, INT], "Sessions of a project a second; 0 = no limit."),
  ),
  "organization-abuse-quota.window": stored(
    whole(10, [1, 3600], "Seconds over which the limits below are averaged."),
  ),
  "organization-abuse-quota.error-limit": stored(
    whole(0, [0, INT], "Errors of an organization a second; 0 = no limit."),
  ),
  "organization-abuse-quota.transaction-limit": stored(
    whole(0, [0, INT], "Transactions of an organization a second; 0 = no limit."),
  ),
  "organization-abuse-quota.attachment-limit": stored(
    whole(0, [0, INT], "Bytes of attachments of an organization a second; 0 = no limit."),
  ),
  "organization-abuse-quota.session-limit": stored(
    whole(0, [0, INT], "Sessions of an organization a second; 0 = no limit."),
  ),
} as const
