import { embeddedUrl } from "#platform/postgres/server.ts"
import { startAppliance } from "../support/executable.ts"
import { sendBadInput } from "./bad-input.ts"

const appliance = await startAppliance()
await sendBadInput({
  started: appliance,
  databaseUrl: await embeddedUrl(appliance.dataDir),
  pids: async () =>
    (await appliance.processes()).filter(({ role }) => role === "web" || role === "worker"),
})
