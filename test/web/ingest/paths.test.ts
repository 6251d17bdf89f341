import { expect, test } from "bun:test"
import { ingestPath } from "#web/ingest/paths.ts"

const ID = "9ec79c33ec9942ab8353589fcb2e04dc"
const KEY = "0123456789abcdef0123456789abcdef"

const paths: [path: string, found: object][] = [
  ["/api/1/store/", { endpoint: "store", projectId: "1" }],
  ["/api/store/", { endpoint: "store", projectId: null }],
  ["/api/1/envelope/", { endpoint: "envelope", projectId: "1" }],
  ["/api/1/security/", { endpoint: "security", projectId: "1" }],
  ["/api/1/csp-report/", { endpoint: "security", projectId: "1" }],
  ["/api/1/nel/", { endpoint: "nel", projectId: "1" }],
  ["/api/1/minidump/", { endpoint: "minidump", projectId: "1" }],
  [`/api/1/unreal/${KEY}/`, { endpoint: "unreal", projectId: "1", key: KEY }],
  [`/api/1/events/${ID}/attachments/`, { endpoint: "attachments", projectId: "1", subject: ID }],
  ["/api/1/cron/job/", { endpoint: "cron", projectId: "1", subject: "job" }],
  [`/api/1/cron/job/${KEY}/`, { endpoint: "cron", projectId: "1", subject: "job", key: KEY }],
  ["/tunnel/", { endpoint: "tunnel", projectId: null }],
]

test.each(paths)(
  "%s is found with and without its last slash, slashes doubled, below a prefix",
  (path, found) => {
    const bare = path.slice(0, -1)
    const doubled = path.replaceAll("/", "//")
    for (const spelling of [path, bare, doubled, `/tools/sentry${path}`, `/tools//sentry${bare}`]) {
      expect([spelling, ingestPath(spelling, "/tools/sentry")]).toMatchObject([spelling, found])
    }
  },
)

test("paths that go on, stop short or are too long are somebody else's", () => {
  for (const path of [
    "/",
    "/api/1/",
    "/api/envelope/",
    "/api/1/store/x/",
    "/api/1/minidump/x/",
    `/api/1/unreal/${KEY}/x/`,
    `/api/1/events/${ID}/`,
    `/api/1/events/${ID}/attachments/x/`,
    "/api/1/cron/",
    `/api/1/cron/job/${KEY}/x/`,
    `/api/1/cron/${"x".repeat(600)}/`,
    "/tunnel/x/",
    "/elsewhere/api/1/store/",
  ]) {
    expect([path, ingestPath(path, "/tools/sentry")]).toEqual([path, null])
  }
})
