import { hasUsers } from "#accounts/users/store.ts"
import { type App, queueStreams, spoolDirectory } from "#app.ts"
import { type Config, ingestPrefix, publicAddress } from "#config.ts"
import { openDoor } from "#ingest/door.ts"
import { addressList } from "#platform/network.ts"
import { startForwarder } from "#platform/queue/forwarder.ts"
import type { Service } from "#platform/service.ts"
import { openSpool, type Spool } from "#platform/spool/writer.ts"
import { startHeartbeat } from "#stats/heartbeat.ts"
import { apiRoutes } from "./api/router.ts"
import { embedHandler } from "./embed/routes.ts"
import { healthRoutes } from "./health.ts"
import { ingestHandler } from "./ingest/routes.ts"
import { listen } from "./server.ts"
import { uiRoutes } from "./ui/router.ts"

/** A segment whose events the queue holds is kept for a while in case Redis forgets them, up to this share of the spool. */
const KEPT_SHARE = 0.5

/** The web process: accepts events from the first moment on, also while PostgreSQL or Redis are away. */
export async function startWeb(app: App): Promise<Service & { port: number }> {
  const { config } = app
  const spool = await openSpool(spoolOptions(config))
  const door = await openDoor({
    ...app,
    spool,
    dataDirectory: config["system.data-directory"],
  })
  const forwarder = app.redis && forwardTo(app, app.redis, spool)
  const heartbeat = startHeartbeat(app, "web")
  const atTheDoor = {
    door,
    log: app.log,
    pathPrefix: new URL(publicAddress(config)).pathname.replace(/\/$/, ""),
    proxies: addressList(config["web.trusted-proxies"]),
  }
  const server = listen(app, {
    ingest: ingestHandler(atTheDoor),
    embed: embedHandler({ ...atTheDoor, ingestPrefix: ingestPrefix(config) }),
    health: healthRoutes(app),
    api: apiRoutes(app),
    ui: uiRoutes(app),
  })
  app.log.info({ host: config["web.host"], port: server.port }, "listening")
  void hintAtSetup(app)
  return {
    port: server.port,
    /** First nobody new comes in, then what came in is put away. */
    async stop({ withinMs }) {
      await server.stop({ withinMs })
      await door.stop({ withinMs })
      await spool.stop()
      await forwarder?.stop({ withinMs })
      await heartbeat.stop()
    },
  }
}

function spoolOptions(config: Config) {
  return {
    directory: spoolDirectory(config),
    segmentBytes: config["ingest.spool.segment-bytes"],
    maxBytes: config["ingest.spool.max-bytes"],
    minFreeBytes: config["ingest.spool.min-free-bytes"],
  }
}

function forwardTo({ config, log }: App, redis: NonNullable<App["redis"]>, spool: Spool) {
  return startForwarder({
    directory: spoolDirectory(config),
    writerId: spool.writerId,
    redis,
    streams: queueStreams(config),
    maxEntries: config["ingest.queue.max-entries"],
    maxBytes: config["ingest.queue.max-bytes"],
    keptBytes: config["ingest.spool.max-bytes"] * KEPT_SHARE,
    log,
  })
}

/** The link itself is a secret: `setup-url` prints it, the log does not. */
async function hintAtSetup(app: App): Promise<void> {
  const isEmpty = await hasUsers(app.sql).then(
    (found) => !found,
    () => false,
  )
  if (isEmpty)
    app.log.info("there is no user yet: `sentry-lite setup-url` prints the link to set up")
}
