import { sendSignal } from "../processes.ts"

/** Something to break: what it is, and what is done about it in the end. */
export type Fault = {
  name: string
  /** Resolves when what was struck has been started again; it need not be ready. */
  strike(): Promise<void>
}

/** An installation whose every process can be killed. */
export type Installation = {
  shape: "appliance" | "fleet"
  databaseUrl: string
  spoolDirectory: string
  /** Of the queue; null in the appliance. */
  redisUrl: string | null
  webs: { host: string; port: number }[]
  faults: Fault[]
  run(...words: string[]): Promise<{ exitCode: number; stdout: string; stderr: string }>
  logs(): string
  /** kill -9 of everything, for good. */
  end(): Promise<void>
}

/** Stops a process in its tracks for a while; to everybody else it looks hung, and it never notices. */
export async function freeze(pid: number, milliseconds: number): Promise<void> {
  sendSignal(pid, "SIGSTOP")
  await Bun.sleep(milliseconds)
  sendSignal(pid, "SIGCONT")
}
