import dockerfile from "#dockerfile" with { type: "text" }
import compose from "#operator/docker-compose.yml" with { type: "text" }
import nginx from "#operator/nginx/sentry-lite.conf" with { type: "text" }
import allInOne from "#operator/systemd/sentry-lite.service" with { type: "text" }
import target from "#operator/systemd/sentry-lite.target" with { type: "text" }
import cron from "#operator/systemd/sentry-lite-cron.service" with { type: "text" }
import web from "#operator/systemd/sentry-lite-web@.service" with { type: "text" }
import worker from "#operator/systemd/sentry-lite-worker@.service" with { type: "text" }

/** What `init --with` writes out, by kind: path below the target folder -> text. */
export const OPERATOR_FILES: Record<string, Record<string, string>> = {
  systemd: {
    "systemd/sentry-lite.service": allInOne,
    "systemd/sentry-lite-web@.service": web,
    "systemd/sentry-lite-worker@.service": worker,
    "systemd/sentry-lite-cron.service": cron,
    "systemd/sentry-lite.target": target,
  },
  nginx: { "nginx/sentry-lite.conf": nginx },
  docker: { Dockerfile: dockerfile },
  compose: { "docker-compose.yml": compose },
}
