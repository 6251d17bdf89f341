import { join } from "node:path"
import type { Acme } from "./acme.ts"
import { runCommand } from "./processes.ts"
import { temporaryFolder } from "./services.ts"

const modules = join(import.meta.dir, "../../node_modules")
const CLI = {
  3: join(modules, "@sentry/cli/bin/sentry-cli"),
  2: join(modules, "sentry-cli-2/bin/sentry-cli"),
}
export const node = Bun.which("node") ?? process.execPath

export type UploadingCli = {
  env: Record<string, string>
  /** Runs a command that must succeed, and resolves with what it told. */
  run(command: string[]): Promise<string>
  /** The same with sentry-cli of a major version. */
  cli(version: 2 | 3, ...words: string[]): Promise<string>
}

/** What a build machine of the organization acme has: its token, and the real tools. */
export async function uploadingCli(acme: Acme, project: string): Promise<UploadingCli> {
  const env = {
    SENTRY_URL: acme.url,
    SENTRY_AUTH_TOKEN: await acme.run("tokens", "create", "--org", "acme", "--scopes", "org:ci"),
    SENTRY_ORG: "acme",
    SENTRY_PROJECT: project,
    SENTRY_HTTP_MAX_RETRIES: "0",
    SENTRY_DISABLE_UPDATE_CHECK: "1",
    HOME: temporaryFolder("home"),
  }
  const run = async (command: string[]) => {
    const { exitCode, stdout, stderr } = await runCommand(command, env)
    if (exitCode !== 0) throw new Error(`${command.join(" ")}: ${stdout}${stderr}`)
    return stdout + stderr
  }
  return { env, run, cli: (version, ...words) => run([node, CLI[version], ...words]) }
}
