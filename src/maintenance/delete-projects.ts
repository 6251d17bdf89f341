import { deleteLeavingOrganization } from "#accounts/organizations/leaving-store.ts"
import type { App } from "#app.ts"
import { deleteBlobs } from "#attachments/delete-blobs.ts"
import { deleteProjectAttachments } from "#attachments/store.ts"
import { deleteProjectTagValues, updateProjectLeaving } from "#issues/moving/removal-store.ts"
import type { JobData } from "#jobs.ts"
import {
  deleteLeavingProject,
  findLeavingProject,
  listOrganizationProjects,
} from "#projects/leaving-store.ts"
import { deleteProjectOutcomes } from "#stats/outcome-store.ts"
import { deleteOrganizationArtifacts } from "#symbolication/artifacts/sweep.ts"
import { removeLeavingIssues } from "./remove-issues.ts"

const ROWS = 5_000

/** Removes the rows of a project that was deleted, in chunks; starting over after a crash goes on where it stood. */
export async function deleteProject(
  app: App,
  { projectId }: JobData<"delete-project">,
  signal: AbortSignal,
): Promise<void> {
  if (!(await findLeavingProject(app.sql, projectId))) return
  await removeProject(app, projectId, signal)
}

export async function deleteOrganization(
  app: App,
  { organizationId }: JobData<"delete-organization">,
  signal: AbortSignal,
): Promise<void> {
  for (const { id } of await listOrganizationProjects(app.sql, organizationId)) {
    await removeProject(app, id, signal)
  }
  signal.throwIfAborted()
  await deleteOrganizationArtifacts(app, organizationId)
  await deleteLeavingOrganization(app.sql, organizationId)
}

async function removeProject(app: App, projectId: string, signal: AbortSignal): Promise<void> {
  await updateProjectLeaving(app.sql, projectId)
  await removeLeavingIssues(app, signal)
  while (!signal.aborted && (await removeAttachments(app, projectId)) > 0);
  while (!signal.aborted && (await deleteProjectTagValues(app.sql, projectId, ROWS)) > 0);
  while (!signal.aborted && (await deleteProjectOutcomes(app.sql, projectId, ROWS)) > 0);
  signal.throwIfAborted()
  await deleteLeavingProject(app.sql, projectId)
  app.log.info({ projectId }, "project removed")
}

/** Those, too, whose event never came. */
async function removeAttachments(app: App, projectId: string): Promise<number> {
  const keys = await deleteProjectAttachments(app.sql, projectId, ROWS)
  await deleteBlobs(app, keys)
  return keys.length
}
