import { startFleet } from "../support/executable.ts"
import { sendBadInput } from "./bad-input.ts"

const fleet = await startFleet({ web: 1, workers: 1, crons: 1 })
await sendBadInput({
  started: fleet,
  databaseUrl: fleet.databaseUrl,
  pids: async () =>
    fleet.members
      .map(({ pid, name }) => ({ pid, role: name.split(" ")[0] ?? "" }))
      .filter(({ role }) => role === "web" || role === "worker"),
})
