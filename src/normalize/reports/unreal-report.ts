import type { Json } from "./report-event.ts"

const MAX_ID_CHARS = 200

/**
 * The event that stands for a crash of an Unreal Engine game whose archive nobody has read. `userId` is
 * `login|epic account|machine`, each of which may be missing.
 */
export function unrealEvent(userId: string | null): Json {
  const [login = "", account = "", machine = ""] = (userId ?? "")
    .split("|", 3)
    .map((part) => part.slice(0, MAX_ID_CHARS))
  return {
    level: "fatal",
    platform: "native",
    sdk: { name: "unreal.crashreporter", version: "0.0.0" },
    exception: {
      values: [
        {
          type: "UnrealCrash",
          value: "Unread crash archive",
          mechanism: { type: "unreal", handled: false },
        },
      ],
    },
    ...(login && { user: { id: login } }),
    tags: {
      ...(account && { epic_account_id: account }),
      ...(machine && { machine_id: machine }),
    },
  }
}
