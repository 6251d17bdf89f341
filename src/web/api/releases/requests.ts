import { z } from "zod"
import type { App } from "#app.ts"
import { cleanText } from "#normalize/values/text.ts"
import { AppError } from "#platform/errors.ts"
import {
  findRelease,
  type Release,
  type ReleaseChanges,
  type ReleaseScope,
} from "#releases/catalog-store.ts"
import type { GivenCommit } from "#releases/commit.ts"
import { readReleaseSearch } from "#releases/search.ts"
import { type Access, type ApiContext, accessIn, notFound } from "../caller.ts"
import { resolveProjects } from "../issues/search.ts"
import { Commit, HeadCommit, moment, Ref } from "./commit-request.ts"

/** The two addresses of everything about releases, which mean the same but for the projects. */
export const RELEASE_LISTS = [
  "/organizations/:org/releases/",
  "/projects/:org/:project/releases/",
] as const

/** Who may upload and change releases; a build's token (org:ci) takes none away. */
export const RELEASE_WRITERS = ["org:ci", "project:releases", "project:write"] as const
export const RELEASE_REMOVERS = ["project:releases", "project:write"] as const
export const RELEASE_READERS = ["project:read", ...RELEASE_WRITERS] as const

const text = z
  .string()
  .max(250, "Ensure this field has no more than 250 characters.")
  .transform(cleanText)
export const names = z.array(z.union([z.string(), z.number().transform(String)]))

const Changes = z.object({
  dateReleased: moment.nullish(),
  ref: text.nullish(),
  url: text.nullish(),
  status: z.enum(["open", "archived"], "Invalid status.").nullish(),
  commits: z.array(Commit).nullish(),
  refs: z.array(Ref).nullish(),
  headCommits: z.array(HeadCommit).nullish(),
})
const Creation = Changes.extend({
  version: z.string("This field is required."),
  projects: names.nullish(),
})

/** What a body says of a release beside its name. */
export type Told = {
  changes: ReleaseChanges
  /** null: nothing is said of them. */
  commits: GivenCommit[] | null
  refs: { repository: string; commit: string }[] | null
}

export async function readCreation(
  c: ApiContext,
): Promise<Told & { version: string; projects: string[] }> {
  const { version, projects, ...told } = Creation.parse(await jsonOf(c))
  return { version: version.trim(), projects: projects ?? [], ...toldIn(told) }
}

export async function readChanges(c: ApiContext): Promise<Told> {
  return toldIn(Changes.parse(await jsonOf(c)))
}

/** What is absent does not change. */
function toldIn(told: z.infer<typeof Changes>): Told {
  const { dateReleased, ref, url, status, commits, refs, headCommits } = told
  return {
    changes: {
      ...(dateReleased !== undefined && { releasedAt: dateReleased }),
      ...(ref !== undefined && { ref }),
      ...(url !== undefined && { url }),
      ...(status && { status }),
    },
    commits: commits ?? null,
    refs: refs ?? headCommits ?? null,
  }
}

export function jsonOf(c: ApiContext): Promise<unknown> {
  return c.req.json().catch(() => ({}))
}

/** The project in the path, when there is one. Throws not_found. */
export async function pathProject(app: App, c: ApiContext, access: Access): Promise<string | null> {
  const name = c.req.param("project")
  if (name === undefined) return null
  const [id] = await resolveProjects(app, access, [name]).catch(() => [])
  if (!id) throw notFound()
  return id
}

/** Ids of projects that a body names, with the one in the path. Throws invalid for one that is not there. */
export async function namedProjects(
  app: App,
  access: Access,
  asked: { names: readonly string[]; inPath: string | null },
): Promise<string[]> {
  const found =
    asked.names.length === 0
      ? []
      : await resolveProjects(app, access, asked.names).catch(() => {
          throw new AppError("invalid", "Invalid project ids or slugs", { field: "projects" })
        })
  return [...new Set(asked.inPath === null ? found : [...found, asked.inPath])]
}

/** The release in the path. Throws not_found. */
export async function releaseIn(
  app: App,
  c: ApiContext,
  scopes: typeof RELEASE_WRITERS | typeof RELEASE_READERS | typeof RELEASE_REMOVERS,
): Promise<{ access: Access; projectId: string | null; release: Release }> {
  const access = accessIn(c, c.req.param("org") ?? "", ...scopes)
  const projectId = await pathProject(app, c, access)
  const version = c.req.param("version") ?? ""
  const release = await findRelease(app.sql, access.organizationId, version, projectId)
  if (!release) throw notFound()
  return { access, projectId, release }
}

/** Orders that we have; what counts sessions stands for the date. */
const SORTS: Record<string, ReleaseScope["sort"]> = {
  date: "date",
  semver: "semver",
  build: "semver",
  sessions: "date",
  users: "date",
  crash_free_sessions: "date",
  crash_free_users: "date",
  adoption: "date",
}

export function readScope(
  c: ApiContext,
): Pick<ReleaseScope, "terms" | "status" | "sort" | "environments"> {
  const { query = "", status = "open", sort = "date" } = c.req.query()
  const known = Object.hasOwn(SORTS, sort) ? SORTS[sort] : undefined
  if (!known) throw new AppError("invalid", "invalid sort")
  const search = readReleaseSearch(cleanText(query))
  if (!search.ok) throw new AppError("invalid", `Error parsing search query: ${search.message}`)
  return {
    terms: search.terms,
    status: status === "open" || status === "archived" ? status : null,
    sort: known,
    environments: (c.req.queries("environment") ?? []).map(cleanText),
  }
}
