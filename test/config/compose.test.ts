import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import type { Command } from "commander"
import { loadConfig } from "#cli/configuration/load.ts"
import { buildProgram } from "#cli/program.ts"

type Service = {
  image: string
  build?: string
  command?: string[]
  ports?: string[]
  environment?: Record<string, string>
}

const dockerfile = readFileSync("Dockerfile", "utf8")
const { services } = Bun.YAML.parse(readFileSync("config/docker-compose.yml", "utf8")) as {
  services: Record<string, Service>
}
const ours = Object.entries(services).filter(([, { image }]) => image === "sentry-lite")
/** As `.env` would fill them in. */
const filled = (text: string) =>
  text
    .replace(/\$\{POSTGRES_PASSWORD:\?\}/, "p@ss/word")
    .replace(/\$\{SENTRY_SECRET_KEY:\?\}/, "k".repeat(50))
    .replace(/\$\{\w+:-([^}]*)\}/, "$1")

test("each role of a fleet is a service, and its command is one of the program's", () => {
  expect(ours.map(([name]) => name)).toEqual(["upgrade", "web", "worker", "cron"])
  for (const [, { command: words = [] }] of ours) {
    let command: Command | undefined = buildProgram()
    for (const word of words.filter((each) => /^[a-z]+$/.test(each))) {
      command = command?.commands.find((each) => each.name() === word)
    }
    const options = words.filter((word) => word.startsWith("--"))
    const known = command
      ?.createHelp()
      .visibleOptions(command)
      .map(({ long }) => long)
    expect([words, [...(known ?? []), "--noinput"]]).toEqual([
      words,
      expect.arrayContaining(options),
    ])
  }
})

test("every variable that the services get is understood", () => {
  const [, { environment = {} }] = ours[0] ?? ["", {} as Service]
  const given = Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, filled(value)]),
  )
  const { config, sources, warnings } = loadConfig({ config: "none" }, { ...given })
  expect(warnings).toEqual([])
  expect(config["database.url"]).toBe("postgres://sentry:p%40ss%2Fword@postgres:5432/sentry")
  expect(config["redis.url"]).toBe("redis://redis:6379/0")
  expect([config["mail.host"], config["mail.port"]]).toEqual(["smtp", 587])
  const pieces = Object.keys(given).filter((name) => /^SENTRY_(POSTGRES|DB)_/.test(name))
  expect(sources.size).toBe(Object.keys(given).length - pieces.length + 1)
})

test("the image is the one that the Dockerfile says how to build, and web listens where it says", () => {
  expect(dockerfile).toContain("docker build -t sentry-lite .")
  const [port = ""] = /(?<=EXPOSE )\d+/.exec(dockerfile) ?? []
  expect(services.web?.ports).toEqual([`127.0.0.1:${port}:${port}`])
  expect(ours.filter(([, { build }]) => build !== undefined)).toEqual([])
})
