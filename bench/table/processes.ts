import { readdir, readFile } from "node:fs/promises"

/** What the table tells apart. Children of a process count as its own role. */
export const ROLES = ["web", "worker", "cron", "supervisor", "postgres", "redis"] as const
type Role = (typeof ROLES)[number]

export type Usage = Record<Role, { cpuMs: number; pssMib: number }>

/** Of Linux on every architecture we run on; /proc counts in these. */
const TICK_MS = 10
const KIB_PER_MIB = 1024
const PID = /^\d+$/

type Seen = { pid: number; parent: number; cpuMs: number }

/** CPU since their start and memory at this moment of the processes below `roots`, by role. */
export async function usageOf(roots: readonly number[]): Promise<Usage> {
  const usage = Object.fromEntries(ROLES.map((role) => [role, { cpuMs: 0, pssMib: 0 }])) as Usage
  for (const { pid, cpuMs } of descendants(await allProcesses(), roots)) {
    const role = roleOf(await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""))
    if (!role) continue
    usage[role].cpuMs += cpuMs
    usage[role].pssMib += await pssMib(pid)
  }
  return usage
}

async function allProcesses(): Promise<Seen[]> {
  const pids = (await readdir("/proc")).filter((name) => PID.test(name)).map(Number)
  return (await Promise.all(pids.map(look))).filter((seen) => seen !== null)
}

/** Its own time and that of its children which have ended; null when it has ended itself. */
async function look(pid: number): Promise<Seen | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")
  // The name stands in parentheses and may hold anything.
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number)
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11)
  if (stat === "") return null
  return {
    pid,
    parent: fields[1] ?? 0,
    cpuMs: (user + system + childUser + childSystem) * TICK_MS,
  }
}

function descendants(all: readonly Seen[], roots: readonly number[]): Seen[] {
  const family = new Set(roots)
  for (let size = 0; size !== family.size; ) {
    size = family.size
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid)
  }
  return all.filter(({ pid }) => family.has(pid))
}

function roleOf(commandLine: string): Role | null {
  const words = commandLine.split("\0")
  const program = words[0] ?? ""
  if (program.startsWith("postgres:") || program.endsWith("/postgres")) return "postgres"
  if (program.includes("redis-server")) return "redis"
  const command = words[words.indexOf("run") + 1]
  if (command === "all") return "supervisor"
  return ROLES.find((role) => role === command) ?? null
}

async function pssMib(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "")
  return Number(/^Pss: +(\d+) kB/m.exec(rollup)?.[1] ?? 0) / KIB_PER_MIB
}
