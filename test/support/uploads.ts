import type { App } from "#app.ts"
import { assembleBundle } from "#symbolication/artifacts/assemble.ts"
import { sha1Of } from "#symbolication/artifacts/keep-chunk.ts"
import type { ApiClient } from "./api.ts"

/** Puts chunks into the form that uploaders send. */
export function chunkForm(
  chunks: readonly (readonly [sha1: string, bytes: Uint8Array])[],
  name = "file",
): FormData {
  const form = new FormData()
  for (const [sha1, bytes] of chunks) {
    const body =
      name === "file_gzip" ? Bun.gzipSync(Uint8Array.from(bytes)) : Uint8Array.from(bytes)
    form.append(name, new File([body], sha1))
  }
  return form
}

export type Assembly = { state: string; missingChunks: string[]; detail: string | null }

export async function assemble(client: ApiClient, org: string, body: object): Promise<Assembly> {
  const response = await client.send("POST", `/organizations/${org}/artifactbundle/assemble/`, {
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as Assembly
}

/** Uploads a bundle as clients do and lets the worker read it; resolves with how it ended. */
export async function givenBundle(
  app: App,
  client: ApiClient,
  org: string,
  bundle: Buffer,
  about: { projects: string[]; version?: string; dist?: string },
): Promise<Assembly> {
  const checksum = sha1Of(bundle)
  const body = { checksum, chunks: [checksum], ...about }
  await client.send("POST", `/organizations/${org}/chunk-upload/`, {
    body: chunkForm([[checksum, bundle]]),
  })
  await assemble(client, org, body)
  await assembleWaiting(app)
  return assemble(client, org, body)
}

/** What a worker does with the tasks that assembling wrote. */
export async function assembleWaiting(app: App): Promise<void> {
  const bundles = await app.sql<{ id: string }[]>`
    select id from artifact_bundles where status = 'assembling' order by id`
  for (const { id } of bundles) {
    await assembleBundle(app, { bundleId: id }, new AbortController().signal)
  }
}

/** An empty bundle of a project, without the way that it came; returns its id. */
export async function givenUpload(
  app: App,
  project: { organizationId: string; projectId: string },
): Promise<string> {
  const checksum = sha1Of(crypto.getRandomValues(new Uint8Array(20)))
  const [bundle] = await app.sql<{ id: string }[]>`
    insert into artifact_bundles (organization_id, kind, checksum, status, size)
    values (${project.organizationId}, 'bundle', ${checksum}, 'ready', 0) returning id`
  const id = bundle?.id ?? ""
  await app.sql`
    insert into artifact_projects (project_id, release, dist, bundle_id)
    values (${project.projectId}, '', '', ${id})`
  return id
}

export type DebugAssembly = Assembly & { dif?: Record<string, unknown> }

export async function assembleDebugFile(
  client: ApiClient,
  project: string,
  file: { name: string; checksum: string; chunks: string[] },
): Promise<DebugAssembly> {
  const { checksum, ...rest } = file
  const response = await client.send("POST", `/projects/${project}/files/difs/assemble/`, {
    body: JSON.stringify({ [checksum]: rest }),
    headers: { "content-type": "application/json" },
  })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  const answers = (await response.json()) as Record<string, DebugAssembly>
  const answer = answers[checksum]
  if (!answer) throw new Error("not answered")
  return answer
}

/** Uploads a debug file to `ORG/PROJECT` as clients do and lets the worker read it; resolves with how it ended. */
export async function givenDebugFile(
  app: App,
  client: ApiClient,
  project: string,
  name: string,
  bytes: Buffer,
): Promise<DebugAssembly> {
  const checksum = sha1Of(bytes)
  const [org = ""] = project.split("/")
  await client.send("POST", `/organizations/${org}/chunk-upload/`, {
    body: chunkForm([[checksum, bytes]]),
  })
  const file = { name, checksum, chunks: [checksum] }
  await assembleDebugFile(client, project, file)
  await assembleWaiting(app)
  return assembleDebugFile(client, project, file)
}
