import { crontab, list, text } from "#platform/options/option.ts"

/** What is looked up, read and cleaned beside all this. */
export const upkeep = {
  "geoip.path-mmdb": text(
    "",
    "MaxMind database (.mmdb) of cities or countries that locates users' addresses; empty: none.",
  ),
  "metrics.allowed-ips": list(
    ["127.0.0.1/32", "::1/128"],
    "Addresses that may read /_health/?full.",
  ),
  "cleanup.schedule": crontab("0 3 * * *", "When cron runs cleanup (UTC); empty: never."),
} as const
