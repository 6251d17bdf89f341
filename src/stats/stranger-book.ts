/** Somebody whose key or project is not one of ours. All of it is what they say themselves. */
export type Stranger = {
  publicKey: string
  /** As the address says; "" = it names none. */
  project: string
  reason: string
  client: string
  origin: string
  address: string
}

export type StrangerCount = Stranger & { requests: number; firstSeen: Date; lastSeen: Date }

export type StrangerBook = {
  note(stranger: Stranger, now: Date): void
  /** Hands what was noted to `record`, the most frequent by name and the others as one. Failing, it is noted again. */
  flush(record: (strangers: readonly StrangerCount[]) => Promise<void>): Promise<void>
}

/** Held between two flushes, and told apart in one: invented keys must not become rows. */
const MAX_HELD = 500
const MAX_TOLD = 50
const MAX_CHARS = { publicKey: 64, project: 32, client: 64, origin: 200, address: 64 }

/** Stands for all who were too many to be told apart. */
const OTHERS: Stranger = {
  publicKey: "",
  project: "",
  reason: "others",
  client: "",
  origin: "",
  address: "",
}

/** Who knocks and belongs to nobody: programs with a DSN of a deleted project, a typing mistake, an old key. */
export function createStrangerBook(): StrangerBook {
  let held = new Map<string, StrangerCount>()

  const add = (
    stranger: Stranger,
    seen: Pick<StrangerCount, "requests" | "firstSeen" | "lastSeen">,
  ) => {
    const key = `${stranger.publicKey}\n${stranger.project}\n${stranger.reason}`
    const same = held.get(key)
    if (!same && held.size >= MAX_HELD && stranger !== OTHERS) return add(OTHERS, seen)
    held.set(key, {
      ...stranger,
      requests: seen.requests + (same?.requests ?? 0),
      firstSeen: same?.firstSeen ?? seen.firstSeen,
      lastSeen: seen.lastSeen,
    })
  }
  return {
    note: (stranger, now) =>
      add(shortened(stranger), { requests: 1, firstSeen: now, lastSeen: now }),
    async flush(record) {
      if (held.size === 0) return
      const taken = [...held.values()].sort((one, other) => other.requests - one.requests)
      held = new Map()
      for (const rest of taken.splice(MAX_TOLD)) add(OTHERS, rest)
      const told = [...taken, ...held.values()]
      held = new Map()
      try {
        await record(told)
      } catch (error) {
        for (const stranger of told) add(stranger, stranger)
        throw new Error("flush strangers", { cause: error })
      }
    },
  }
}

function shortened(stranger: Stranger): Stranger {
  const cut = (field: keyof typeof MAX_CHARS) =>
    stranger[field].slice(0, MAX_CHARS[field]).replaceAll("\0", "").toWellFormed()
  return {
    publicKey: cut("publicKey"),
    project: cut("project"),
    reason: stranger.reason,
    client: cut("client"),
    origin: cut("origin"),
    address: cut("address"),
  }
}
