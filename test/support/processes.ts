import { readdir, readFile, readlink } from "node:fs/promises"

export type Environment = Record<string, string>

export type CommandResult = { exitCode: number; stdout: string; stderr: string }

export type RunningProcess = {
  name: string
  pid: number
  /** Everything it and its children wrote. */
  logs(): string
  signal(name: NodeJS.Signals): void
  /** Exit code, or the signal's name. */
  ended: Promise<number | string>
}

/** What is ours in the environment of whoever runs the tests must not reach the program. */
function environmentOf(environment: Environment): Environment {
  const { PATH = "/usr/bin:/bin" } = process.env
  return { PATH, HOME: "/", ...environment }
}

/** Runs a command to its end. */
export async function runCommand(
  command: string[],
  environment: Environment,
): Promise<CommandResult> {
  const done = Bun.spawn(command, {
    env: environmentOf(environment),
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
  })
  const [stdout, stderr] = await Promise.all([
    new Response(done.stdout).text(),
    new Response(done.stderr).text(),
  ])
  return { exitCode: await done.exited, stdout, stderr }
}

/** Starts a process and keeps what it writes. */
export function startProcess(
  name: string,
  command: string[],
  environment: Environment,
): RunningProcess {
  let logs = ""
  const started = Bun.spawn(command, {
    env: environmentOf(environment),
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
  })
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder()
    for await (const chunk of stream) logs += decoder.decode(chunk, { stream: true })
  }
  void collect(started.stdout)
  void collect(started.stderr)
  return {
    name,
    pid: started.pid,
    logs: () => logs,
    signal: (signal) => started.kill(signal),
    ended: started.exited.then(() => started.signalCode ?? started.exitCode ?? -1),
  }
}

/** Signals a process that may have ended in between. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It has.
  }
}

/** Every live process that works inside this data folder, and what it is. */
export async function processesOf(dataDir: string): Promise<{ pid: number; role: string }[]> {
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    names.map(async (name) => {
      const folder = await readlink(`/proc/${name}/cwd`).catch(() => "")
      if (folder !== dataDir && !folder.startsWith(`${dataDir}/`)) return []
      const words = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "")
      // Without a memory of its own it is on its way out.
      if (words === "") return []
      return [{ pid: Number(name), role: roleOf(words.split("\0")) }]
    }),
  )
  return found.flat()
}

function roleOf(words: string[]): string {
  if (words[0]?.startsWith("postgres:") || words[0]?.endsWith("bin/postgres")) return "postgres"
  const role = words[words.indexOf("run") + 1]
  return role === "all" ? "supervisor" : (role ?? "command")
}
