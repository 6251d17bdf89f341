import { readFile, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"

/** Records behind the place of a crash that may have been in hand: about a batch. */
const SUSPECT_RECORDS = 500
/** From this many crashes at one place on, its records are given one by one, so that the culprit is known. */
const ALONE_FROM_CRASHES = 2

/**
 * Counts over crashes how often the records at a place of a segment were given out. Its memory is a file
 * beside the segment, written when the segment is claimed and removed when it is let go in peace: whoever
 * finds it there knows that the last holder died. Who dies before giving anything out, died of something
 * else and is not counted. Only records under suspicion cost a write each.
 */
export type Attempts = {
  /** Which delivery the next record is. */
  deliveries(): number
  /** Only one record may be in hand. */
  isAlone(): boolean
  /** Records were given out; `position` is where they began. */
  gave(records: number, position: number): Promise<void>
  forget(): Promise<void>
}

/** `position` is where the claimed segment is to be read from. */
export async function openAttempts(
  directory: string,
  name: string,
  position: number,
): Promise<Attempts> {
  const path = join(directory, `${name}.tries`)
  const last = await readAttempt(path)
  const crashes = last ? (last.position === position ? last.crashes + 1 : 1) : 0
  let suspects = crashes > 0 ? SUSPECT_RECORDS : 0
  let crashesHere = crashes
  const isAlone = () => suspects > 0 && crashes >= ALONE_FROM_CRASHES

  let isCounted = last === null
  if (last === null) await writeAttempt(path, { position, crashes })
  return {
    isAlone,
    deliveries: () => (suspects > 0 ? crashesHere + 1 : 1),
    gave: async (records, at) => {
      if (suspects === 0) return
      if (isAlone() && at !== position) {
        // The records behind the first were in hand as often as made them suspects, no more.
        await writeAttempt(path, { position: at, crashes: crashesHere })
      } else if (!isCounted) await writeAttempt(path, { position, crashes })
      isCounted = true
      suspects = Math.max(0, suspects - records)
      crashesHere = Math.min(crashes, ALONE_FROM_CRASHES)
    },
    forget: () => rm(path, { force: true }),
  }
}

type Attempt = { position: number; crashes: number }

async function readAttempt(path: string): Promise<Attempt | null> {
  const text = await readFile(path, "utf8").catch(() => "")
  const match = /^(\d{1,15}) (\d{1,9})$/.exec(text)
  return match ? { position: Number(match[1]), crashes: Number(match[2]) } : null
}

/**
 * Renamed into place, so that a crash in the middle leaves the count before. Not synced, and not insisted on: a power cut
 * forgives, and a full disk must not keep the records from being given that have to go before there is room again.
 */
async function writeAttempt(path: string, { position, crashes }: Attempt): Promise<void> {
  try {
    await writeFile(`${path}.draft`, `${position} ${crashes}`, { mode: 0o600 })
    await rename(`${path}.draft`, path)
  } catch {
    await rm(`${path}.draft`, { force: true }).catch(() => {})
  }
}
