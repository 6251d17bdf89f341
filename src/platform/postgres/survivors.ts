import { readdir, readFile, readlink, rm } from "node:fs/promises"
import { join } from "node:path"

const FAST_SHUTDOWN_MS = 30_000
const IMMEDIATE_SHUTDOWN_MS = 5_000

/**
 * Ends what is left of an earlier PostgreSQL on this cluster: a whole server whose supervisor was
 * killed, or backends whose postmaster was. Then removes postmaster.pid, which after a reboot may name
 * somebody else's process and would keep PostgreSQL from starting. The caller holds the folder's lock.
 */
export async function endSurvivors(cluster: string): Promise<{ ended: number }> {
  const found = await processesIn(cluster)
  const postmaster = await postmasterOf(cluster)
  if (found.includes(postmaster)) {
    signal([postmaster], "SIGINT")
    await gone(cluster, FAST_SHUTDOWN_MS)
  }
  signal(await processesIn(cluster), "SIGQUIT")
  await gone(cluster, IMMEDIATE_SHUTDOWN_MS)
  signal(await processesIn(cluster), "SIGKILL")
  await gone(cluster, IMMEDIATE_SHUTDOWN_MS)
  await rm(join(cluster, "postmaster.pid"), { force: true })
  return { ended: found.length }
}

/** Every process of PostgreSQL works inside its cluster's folder. */
async function processesIn(cluster: string): Promise<number[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name))
  const inside = await Promise.all(
    names.map(async (name) => {
      const folder = await readlink(`/proc/${name}/cwd`).catch(() => "")
      return folder === cluster ? [Number(name)] : []
    }),
  )
  return inside.flat().filter((pid) => pid !== process.pid)
}

async function postmasterOf(cluster: string): Promise<number> {
  const text = await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => "")
  return Number.parseInt(text, 10) || -1
}

async function gone(cluster: string, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs
  while (Date.now() < deadline && (await processesIn(cluster)).length > 0) await Bun.sleep(20)
}

function signal(pids: number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch {
      // It ended in between.
    }
  }
}
