import type { Started } from "./executable.ts"

export const ANN = { email: "ann@acme.test", password: "a quiet harbour at dawn 7" }

export type Acme = {
  url: string
  /** Runs a command of the program that must succeed, and resolves with what it printed. */
  run(...words: string[]): Promise<string>
  /** Resolves with the DSN of a new project. */
  project(slug: string, platform?: string): Promise<string>
  /** What the Web API says at this path below /api/0; whatever is not 200 is thrown. */
  get<T>(path: string): Promise<T>
}

/** Gives an empty installation the organization acme, Ann, who may do everything, and a token for the Web API. */
export async function foundAcme(started: Started): Promise<Acme> {
  const run = async (...words: string[]) => {
    const { exitCode, stdout, stderr } = await started.run(...words)
    if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${stderr}\n${started.logs()}`)
    return stdout.trim()
  }
  await run("config", "set", "system.url-prefix", started.url)
  await run("orgs", "create", "acme")
  const login = ["--email", ANN.email, "--password", ANN.password]
  await run("createuser", ...login, "--superuser", "--no-input")
  const token = await run("tokens", "create", "--scopes", "org:read,project:read,event:read")
  return {
    url: started.url,
    run,
    project: (slug, platform = "other") =>
      run("projects", "create", slug, "--org", "acme", "--platform", platform, "--dsn-only"),
    async get<T>(path: string) {
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(`${started.url}/api/0${path}`, { headers })
      if (response.status !== 200) {
        throw new Error(`${path}: ${response.status} ${await response.text()}`)
      }
      return (await response.json()) as T
    },
  }
}
