import {
  address,
  choice,
  flag,
  list,
  logLevel,
  secret,
  stored,
  text,
  whole,
} from "#platform/options/option.ts"
import { BYTES, INT } from "./bounds.ts"

/** The installation, and how web listens. */
export const installation = {
  "system.data-directory": text("", "Folder of everything on disk; empty: see --data."),
  "system.url-prefix": stored(address("Address people and SDKs use, https://sentry.example.com.")),
  "system.internal-url-prefix": address(
    "Address the processes reach web at; empty: host and port of web.",
  ),
  "system.ingest-url-prefix": stored(address("Address in DSNs, when it is not system.url-prefix.")),
  "system.admin-email": stored(text("", "Whom pages and mails name as the administrator.")),
  "system.secret-key": secret(
    text("", "Signs links and sessions; 32 characters or more; the same on every host."),
  ),
  "system.rate-limit": stored(
    whole(0, [0, INT], "Errors a minute of the whole installation; 0 = no limit."),
  ),
  "system.event-retention-days": stored(
    whole(90, [0, 3650], "Days that events are kept; 0 = for ever."),
  ),
  "system.retention-max-bytes": stored(
    whole(0, [0, BYTES], "Size of the database above which the oldest days go; 0 = no limit."),
  ),
  "system.logging-format": choice(
    ["human", "machine"],
    "human",
    "machine writes one JSON object a line.",
  ),
  "system.logging-level": logLevel("INFO", "The least urgent lines that are logged."),
  "system.default-timezone": stored(
    text("UTC", "Time zone of pages and mails for people who chose none."),
  ),

  "web.host": text("127.0.0.1", "Address that web listens on."),
  "web.port": whole(9000, [0, 65535], "Port that web listens on; 0 = a free one."),
  "web.workers": whole(1, [1, 64], "Processes of `run web` and `run all` that share the port."),
  "web.trusted-proxies": list(
    ["127.0.0.1/32", "::1/128"],
    "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
  ),
  "web.use-ssl": flag(false, "Refuses to start unless system.url-prefix is https."),
  "web.read-timeout": whole(
    10,
    [1, 255],
    "Seconds a client may be silent before its connection is closed.",
  ),
  "web.drain-timeout": whole(
    20,
    [0, 3600],
    "Seconds that requests under way have to finish when web stops.",
  ),
  "web.access-log": flag(true, "Logs a line for each request that is not ingestion."),
} as const
